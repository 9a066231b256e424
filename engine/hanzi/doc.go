// Package hanzi reads Chinese text as an office writes it: it folds the many ways to write one
// character into one, and finds numbers and quantities with their exact place.
//
// Text is folded once (Fold) and then looked at by rune; every span found in the folded text leads
// back to the runes of the text as given (Text.Origin). ScanNumber and ScanQuantity look at one
// place and never search, so a caller walks the text and asks at each rune; at a rune that cannot
// begin a number they return at once.
//
// ScanTime, ScanDuration and ScanRecurrence do the same for what a text says about time, resolved
// against the document's date; Sentences, Clauses and Items split it; a Segmenter cuts it into
// words.
//
// Values are exact (Decimal): no value passes through a floating-point number.
//
// The package is pure: no clock, no network, no mutable state.
package hanzi
