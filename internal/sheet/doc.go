// Package sheet is the one way in and out of Excel and CSV files.
//
// A room describes its table once, as a Spec. From it come the template people fill in
// (Template), the reader that checks what they send (Read) and the export of a list (Write).
// The package knows nothing of what the cells mean beyond their Kind.
//
// # Reading
//
// Content decides what a file is, never its name. A whole file is read and bounded (limits.go)
// before the first row is handed out, so an import never stops half-way through a broken file.
// What is wrong with the file is a fault.Invalid at FieldFile; what is wrong in a cell is a
// Problem with the row number that Excel shows. Nothing is guessed: a number that lost its digits,
// a merged cell or a formula without a result is a problem, never a silent value.
//
// # The formula rule
//
// A text that a spreadsheet program could take for a formula or a command (公式注入) starts, after
// blanks and apostrophes, with one of = + - @ or their full-width forms, or it starts with a tab
// or a line break. See guarded. Write makes such texts harmless:
//
//   - in XLSX they are text cells, never formulas, with the quote prefix style, so they stay text
//     when somebody edits the cell;
//   - in CSV an apostrophe is put before them.
//
// Numbers, dates and yes/no values are written as such and not guarded. Read takes the apostrophe
// off again (in CSV, and in XLSX cells without the quote prefix style), so what was exported is
// imported exactly. Control characters that XML forbids are dropped in both directions (Clean).
//
// Excel does not keep the quote prefix when a workbook is saved as CSV: such a file is only as
// safe as the program that opens it. Use the CSV of Write instead.
package sheet
