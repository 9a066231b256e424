// Package report is the room of reports (报告): bulletins (通报) and press paragraphs (新闻口径) about a
// place, in sentences whose every number has a source.
//
// Invariants. A text is composed so that engine/reading reads exactly its figures out of it, without a
// doubt; what cannot be said so is left out and named (Untold). A figure keeps its value, the day it is
// as of, its qualifier, the period of the text and where it comes from. People may change the words of a
// draft: a number of the text that agrees with no figure, or says something else than its source, is
// marked, and a report with marks is not reviewed. Who wrote a report does not review it. A published
// text is frozen together with its figures; it can be filed as a document once, where the loop begins.
//
// What the house knows comes through Source. Its figures are those of the house as the bureau sees them;
// who opens the rows behind a figure sees those that they may read.
package report
