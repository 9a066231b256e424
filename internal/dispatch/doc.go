// Package dispatch is the room of dispatch meetings and supervision (调度与督办): where red lights become
// talk, talk becomes decisions, decisions become tasks, and the next meeting sees what became of them.
//
// Invariants. An agenda is proposed from what the numbers say, each item with its reasons in words and
// a link; what somebody drops stays in it with the reason. A decision of kind task makes its task in
// the same write, and one of kind deadline moves the deadline in the same write: there is no decision
// whose task is missing. What became of a decision is read from its task and never written down a
// second time. The members of a meeting know of it once it is announced (已通知) and of its decisions
// once its minutes are issued. A letter of supervision has a number only when it was signed; the
// deadline for its reply is a moment, counted in working days.
//
// What proposes items is an AgendaSource. That of the ledger is here; rooms of indicators bring their
// own.
//
// Sources of the rules: 调度会 → 议题 → 决议 → 任务 follows common practice of 督查督办; when a letter is
// sent is dated data, see rule_data.go.
package dispatch
