package blob

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxNameBytes bounds a file name kept for display. File systems allow 255 bytes; the rest is room
// for what a browser adds ("(1)", ".part").
const MaxNameBytes = 200

// maxRawNameBytes bounds what is looked at, so that a name of megabytes costs nothing.
const maxRawNameBytes = 4096

// maxExtBytes is the longest extension that survives the shortening of a long name.
const maxExtBytes = 16

// reserved are device names of Windows: a file of that name cannot be saved there.
var reserved = []string{
	"con", "prn", "aux", "nul",
	"com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
}

// CleanName makes a name from a person fit to be shown and to be offered as a download name: one
// line, no control or invisible characters, no direction overrides (which can make "gpj.exe" read
// as "exe.jpg"), no path separators or characters that Windows forbids, at most MaxNameBytes. The
// result may be empty. It is data for people and is never used as a path on our side.
func CleanName(name string) string {
	if len(name) > maxRawNameBytes {
		name = name[:maxRawNameBytes]
	}
	// Composing comes last: what is removed may have stood between a letter and its accent.
	name = norm.NFC.String(strings.Map(cleanRune, strings.ToValidUTF8(name, "")))
	name = strings.Join(strings.Fields(name), " ")
	name = strings.Trim(name, ". ")
	name = shorten(name)
	stem, _, _ := strings.Cut(name, ".")
	if slices.Contains(reserved, strings.ToLower(strings.TrimSpace(stem))) {
		name = "_" + name
	}
	return name
}

func cleanRune(r rune) rune {
	switch {
	case strings.ContainsRune(`/\:*?"<>|`, r):
		return '_'
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.C, r) && !unicode.Is(unicode.Co, r):
		// Control, format (bidi overrides, zero width), surrogate, unassigned. Private use stays:
		// rare characters of GB 18030 names have been mapped there.
		return -1
	case unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
		return ' '
	case r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0': // letters without ink
		return -1
	}
	return r
}

// shorten cuts the stem of a long name at a character and keeps the extension.
func shorten(name string) string {
	if len(name) <= MaxNameBytes {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > maxExtBytes {
		ext = ""
	}
	return cutAt(name, MaxNameBytes-len(ext)) + ext
}

// cutAt returns the longest beginning of whole characters within n bytes.
func cutAt(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimRight(s[:n], ". ")
}

// displayName is the cleaned name with an extension that fits the content, so that a PDF handed in
// as "report.exe" is never offered as a program. Without a usable name the hash serves.
func displayName(name, hash string, t Type) string {
	name = CleanName(name)
	if name == "" {
		name = hash[:8]
	}
	exts := t.facts().exts
	if slices.Contains(exts, strings.ToLower(path.Ext(name))) {
		return name
	}
	return cutAt(name, MaxNameBytes-len(exts[0])) + exts[0]
}
