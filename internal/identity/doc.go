// Package identity knows who asks: accounts, how people prove that an account is theirs, sessions,
// API tokens, the roles an account holds, and the claims by which somebody comes to act for an
// organisation.
//
// Invariants, each held by a test:
//   - Nothing that opens a door is stored: of passwords there is an argon2id hash, of tokens and
//     recovery codes a SHA-256 hash, and the secret of a second factor is encrypted.
//   - What a session or a token may do is read anew for each request, in at most two indexed
//     reads: an ended session, a revoked role or a locked account counts from the next request on.
//   - Nobody can lock somebody else out: failures count for a login name as seen from one network,
//     for a network, and for a known device, never for the account as such.
//   - Whether a login name exists cannot be learned from an answer or the time it takes.
//   - A second factor's code is taken once, a recovery code is taken once.
//   - The three administrators (三权分立, GB/T 22239 level 3) are different accounts: one makes
//     accounts, one grants roles and never to itself, one reads the trail. None can take over
//     another's account; that takes a command on the machine.
//   - Nobody decides the own claim.
//
// Events: identity.account.created.v1, identity.account.status.v1, identity.role.granted.v1,
// identity.role.revoked.v1, identity.claim.submitted.v1, identity.claim.moved.v1,
// identity.codes.guessed.v1. It follows renames, merges and splits of organisations (Follower).
package identity
