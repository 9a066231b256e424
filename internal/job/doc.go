// Package job does work later, in the background, and again when it failed.
//
// A job is a row, written in the transaction of the use case that wants it, so there is no job for
// a change that was rolled back and no change whose job was lost. Runners in one or more processes
// claim jobs, each under a lease that they renew; the job of a process that died becomes free when
// its lease ends.
//
//	available ──claim──▶ running ──▶ done
//	     ▲                │ │ └────▶ discarded   (hopeless, or out of attempts)
//	     └── retryable ◀──┘ └──────▶ cancelled   (by its owner or the system administrator)
//
// A handler may be run more than once: after a crash, or when the end of a job could not be stored.
// It must either do the same again without harm or let its own write depend on Run.Hold, which
// fails once the job is no longer its own.
//
// Invariants, each held by a test: no job is run twice within a lease; every begin counts as an
// attempt; one unfinished job per unique key; what is finished never changes again.
package job
