// Package show is the room of roadshows (路演) and matchmaking days (对接会): an event with an agenda,
// people who sign up, pitches of posts, talks of two, and what came of the interest they found.
//
// Invariants. Slots of an agenda lie inside their event and do not overlap. There are never more
// confirmed participants than seats; who comes later waits, and the first who waits moves up when a
// seat becomes free. Nobody has two talks in one round and no table two talks: the database itself
// refuses it. A code for check-in works once, for staff of the organiser only. After the event each
// interest in a pitched post is told to the room of deals by EventInterest, which makes the
// introduction; its outcome is shown once it is known.
//
// Nothing is shown to the public that the bureau has not let through: publishing is its step.
package show
