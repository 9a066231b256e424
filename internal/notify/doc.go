// Package notify is the room of notices (消息): what people are told in the site and by mail.
//
// A room tells a fact in one of two ways. It publishes an event and states in a Rule how that event
// is told to whom; the consumer of this room makes the notices, once for each event. Or it calls
// Tell inside its own write, when only that write knows whom to tell. Either way a notice belongs to
// accounts, is a key of package i18n with arguments (so that everybody reads it in the own
// language), and links to a page where permission is asked anew: a notice says only what its reader
// could read when it was made.
//
// Invariants: an account is told the same thing once (Notice.Once); it has at most MaxNotices, the
// oldest go first, and none older than Keep; nobody reads or marks the notices of another account;
// a mail is sent at most once per digest and never to an account that ended its mails.
//
// The room stands below the others and knows none of them: they declare their kinds and rules.
package notify
