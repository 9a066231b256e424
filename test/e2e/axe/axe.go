// Package axe holds axe-core 4.14.1, the accessibility checker, as published in the npm package
// axe-core (MPL-2.0, see LICENSE). Tests inject it into pages; the product never contains it.
package axe

import _ "embed"

// Version is the release of axe-core.
const Version = "4.14.1"

// SHA256 is the checksum of Script as published. To update: replace axe.min.js and both licence
// files by those of the new package, then the two constants.
const SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"

// Script is the unchanged file axe.min.js. It defines the global "axe".
//
//go:embed axe.min.js
var Script string
