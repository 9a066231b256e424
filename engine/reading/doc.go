// Package reading turns the prose of a document (a work report, an action plan, a supervision
// notice, a news page) into countable statements and obligations, each with its place in the text.
//
// Read works from the outside in:
//
//   - layout splits the text into lines and tells headings, page furniture and the lines of another
//     article from the body; about reads or guesses title, number, date, place and kind;
//   - headings set what the paragraphs under them are: a review of a year, or what is to be done;
//   - the lexer splits a sentence into tokens: words of the lists in words_data.go, amounts, places
//     in an order, times, marks, and the text between, which is mostly nouns;
//   - a clause is read amount by amount. A frame holds the words around one amount: the verb that
//     links it, the noun phrases before and behind it, its time, what it is compared with;
//   - rules in a file each make a statement of a frame: what is named (indicator.go), what is
//     measured (measure.go, share.go, rank.go), when (period.go), by whom (subject.go), and whether
//     it is a fact or a target (kind.go). Enumerations (list.go), named mechanisms, milestones and
//     tasks have rules of their own;
//   - what a clause leaves out is carried from those before it (carry), through the clauses of a
//     sentence and, for less, the sentences of a paragraph;
//   - check.go does the arithmetic that the text itself allows.
//
// Everything is decided by the words of the text: no model, no network, no clock. The work is
// linear in the length of the text, whatever it says.
package reading
