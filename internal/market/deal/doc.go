// Package deal is the room of introductions (对接) and technology brokers (技术经理人): two parties of
// the market are brought together and led to an outcome that is written down.
//
// An introduction has two sides, who needs and who supplies. Each side consents for itself; whom to
// turn to is handed out only then, one by one and on record. Where an agreement to keep silent is
// wanted (保密约定), both accept its text before. It goes on by steps to a contract, or it ends with a
// class of reason and a next step: nothing just fades, because a limit always runs and always has an
// owner: the side whose turn it is, then the broker, then the bureau.
//
// Invariants. Each line of a timeline says who may see it, and no page, file, count or error differs
// by a line that the reader may not see: a note of one side changes no version and no time of the
// introduction. A broker with a conflict of interest, declared or computed, with a side that it may
// know has no part in it at all; one with a side that is hidden shows to the bureau alone, until that
// side consents. The shares of a commission are 10,000 hundredths of a percent together and hold once both
// sides and the broker confirmed the same version. The credit of a broker is a sum of rows that can
// all be shown.
//
// A contract that one side recorded may be objected to by the other, with a reason: until the bureau
// has decided it is not counted, and when the objection is upheld it is recorded anew. One that a
// registry has recognised is for that registry to review.
//
// What the posts know of it: the first introduction that is agreed on makes a post 对接中, the end of
// the last one makes it 已发布 again, a contract makes it 已签约, in the same write.
//
// Sources of the rules: docs of the field §4.10 and §11.6, which mark them as design. Limits, classes
// of reasons, grades and credit are dated data, see rule_data.go.
package deal
