package doctext

import (
	"bytes"
	"strings"
)

// What the first bytes of a file show. Other kinds carry the name that people know.
const (
	kindText = "text"
	kindPDF  = "PDF"
	kindZip  = "zip"
)

// magic are the beginnings of files that are no text.
var magic = []struct {
	bytes string
	kind  string
	code  Code
}{
	{"PK\x03\x04", kindZip, ""},
	{"PK\x05\x06", "", NotDOCX}, // an archive without content
	{"\x89PNG\r\n\x1a\n", "", Picture},
	{"\xFF\xD8\xFF", "", Picture},
	{"GIF8", "", Picture},
	{"II*\x00", "", Picture},
	{"MM\x00*", "", Picture},
	{`{\rtf`, "RTF", ""},
	{"7z\xBC\xAF\x27\x1C", "7z", ""},
	{"Rar!\x1A\x07", "RAR", ""},
	{"\x1F\x8B", "gzip", ""},
}

// oleMagic begins the files of Office before 2007, and encrypted ones of any age.
const oleMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// sniff says what a file is by its content, or why it cannot be read.
func sniff(data []byte) (kind string, code Code) {
	if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return kindPDF, ""
	}
	if bytes.HasPrefix(data, []byte(oleMagic)) {
		// The directory of the file names its streams in UTF-16.
		if bytes.Contains(data, wide("EncryptedPackage")) {
			return "", Encrypted
		}
		return "", OldOffice
	}
	if isBitmap(data) || len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP" {
		return "", Picture
	}
	for _, m := range magic {
		if bytes.HasPrefix(data, []byte(m.bytes)) {
			return m.kind, m.code
		}
	}
	if isMHTML(data) {
		return "MHTML", ""
	}
	return kindText, ""
}

// isBitmap recognises a BMP, whose two letters could begin a text, by its reserved bytes as well.
func isBitmap(data []byte) bool {
	return len(data) > 26 && string(data[:2]) == "BM" && string(data[6:10]) == "\x00\x00\x00\x00"
}

// isMHTML recognises a web page that was saved as a mail message.
func isMHTML(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 512)])
	return bytes.Contains(head, []byte("mime-version:")) &&
		bytes.Contains(head, []byte("multipart/related"))
}

func wide(s string) []byte {
	var out []byte
	for i := range len(s) {
		out = append(out, s[i], 0)
	}
	return out
}

// looksLikeHTML reports whether a text is a web page: its name says so and it has tags, or it
// begins like one.
func looksLikeHTML(name, text string) bool {
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 2048)]))
	switch extension(name) {
	case ".htm", ".html", ".shtml", ".xhtml":
		return strings.Contains(text, "<")
	}
	if !strings.HasPrefix(head, "<") {
		return false
	}
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if strings.Contains(head, tag) {
			return true
		}
	}
	return false
}
