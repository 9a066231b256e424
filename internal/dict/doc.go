// Package dict keeps the code lists that everything else refers to, and the calendar of working
// days.
//
// A list (行政区划 GB/T 2260, 国民经济行业分类 GB/T 4754 …) has editions. An edition never changes: a
// correction is a new edition with its own first day. The edition in force on a day is the latest
// that took effect by then, so a record of 2024 keeps the names of 2024. A code that the edition in
// force does not have is looked up in the other editions, so that old records stay readable.
//
// The program ships editions (see data/README.md) and loads them at its first start; later ones are
// imported by the system administrator, whole or not at all. Names are answered from memory, by a
// snapshot that is exchanged as a whole.
//
// Events: EventEdition when an edition was loaded or imported, EventCalendar when the arrangement
// of a year was. After the second, deadlines have to be counted again (process.Recount).
package dict
