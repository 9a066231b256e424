// Package plan is the room of documents and the ledger (文件与台账), where the loop starts: a
// document is read, people confirm what it says, and confirmed statements become targets and tasks
// that are followed until they are done.
//
// Invariants. Every target and task that came from a document names the statement and the words it
// came from, and keeps them when a new edition of the document supersedes the old one. A task has
// exactly one lead unit (牵头单位) and at most three levels above and below it; the weights of its
// milestones are 100 together or there are none. Numbers are exact decimals from the text to the
// sum of the parts. A light is computed from the task, a dated rule and the day by a pure function,
// and says its reasons in words.
//
// What is not ours: which indicators a city is measured by will be the room of indicators; the few
// definitions kept here are so that phrases of different documents meet.
//
// Sources of the rules: the objects and states follow common practice of 督查督办; the light rules
// are dated data, see rule_data.go.
package plan
