package doctext

import "fmt"

// Code names why a file cannot be read, or what is to be said of a reading. Codes are stable.
type Code string

// Why a file cannot be read, with the arguments of its words.
const (
	Empty           Code = "empty"            // no text at all
	TooLarge        Code = "too-large"        // the limit in megabytes
	TooMuchText     Code = "too-much-text"    // the limit in megabytes
	TooComplex      Code = "too-complex"      // a PDF or .docx over another limit
	Encrypted       Code = "encrypted"        // needs a password
	Scanned         Code = "scanned"          // a PDF of pictures; the number of its pages
	NoCharacters    Code = "no-characters"    // a PDF that does not say what its shapes mean
	Damaged         Code = "damaged"          // not whole
	OldOffice       Code = "old-office"       // .doc, .xls, .ppt, .wps
	Picture         Code = "picture"          // PNG, JPEG and the like
	Unsupported     Code = "unsupported"      // known, but not read; its name, such as xlsx
	NotDOCX         Code = "not-docx"         // an archive that is no Word file
	UnknownEncoding Code = "unknown-encoding" // text in none of the encodings
	BrokenText      Code = "broken-text"      // UTF-8 with damage; the line
	Binary          Code = "binary"           // no text and nothing known
)

// What is to be said of a reading.
const (
	WebPageAsWord    Code = "web-page-as-word"   // HTML under the name of a Word file
	PagesWithoutText Code = "pages-without-text" // how many, of how many
	LostCharacters   Code = "lost-characters"    // how many
	WholePage        Code = "whole-page"         // no article was found in a web page
)

// words are what people read, in Chinese and in English. Verbs of package fmt stand for the
// arguments, the same in both.
var words = map[Code][2]string{
	Empty:       {"文件里没有文字", "there is no text in the file"},
	TooLarge:    {"文件大小超过 %d MB", "the file is larger than %d MB"},
	TooMuchText: {"文件中的文字超过 %d MB，请拆分后再读", "the file has more than %d MB of text: split it"},
	TooComplex:  {"文件内容过于庞大或结构异常，无法读取", "the file is too large inside, or oddly built"},
	Encrypted:   {"文件设有密码，请取消密码后再读", "the file has a password: remove it first"},
	Scanned: {"这是扫描件，%d 页都是图片，没有文字层；请提供电子版，或先做文字识别",
		"this is a scan: all %d pages are pictures without text; get the " +
			"original, or recognise the characters first"},
	NoCharacters: {"这份 PDF 没有说明字形对应的文字，请提供 Word 版或重新导出",
		"this PDF does not say which characters its shapes stand for: get the " +
			"Word file, or export it again"},
	Damaged: {"文件已损坏或不完整，请重新导出", "the file is damaged or incomplete: export it again"},
	OldOffice: {"这是旧版 Office 文件（如 .doc）或加了密码的文件，请另存为不加密的 .docx",
		"this is an old Office file (such as .doc) or has a password: save it as .docx without one"},
	Picture: {"这是图片，不是文档；请提供电子版，或先做文字识别",
		"this is a picture, not a document: get the original, or recognise the characters first"},
	Unsupported: {"暂不能读取 %s 文件，请另存为 .docx 或 PDF",
		"%s files cannot be read: save as .docx or PDF"},
	NotDOCX: {"这是压缩文件，但不是 Word 文档（.docx）",
		"this is an archive, but no Word file (.docx)"},
	UnknownEncoding: {"无法识别文字编码，请另存为 UTF-8",
		"the encoding of the text is not known: save it as UTF-8"},
	BrokenText: {"文字是 UTF-8 编码，但第 %d 行有损坏的字符，请重新导出",
		"the text is UTF-8, but line %d has a broken character: export it again"},
	Binary: {"这不是文本，也不是认识的文档格式", "this is no text and no known kind of document"},

	WebPageAsWord: {"文件名像 Word 文档，内容其实是网页，已按网页读取",
		"named like a Word file, but it is a web page and was read as one"},
	PagesWithoutText: {"%[2]d 页中有 %[1]d 页没有文字，可能是图片",
		"of %[2]d pages, %[1]d have no text and may be pictures"},
	LostCharacters: {"有 %d 个字无法读出", "%d characters could not be read"},
	WholePage:      {"没有找到正文，读取了整个网页", "no article was found, so the whole page was read"},
}

// English returns the English words of every code by the Chinese ones, as a catalogue of texts
// wants them.
func English() map[string]string {
	out := make(map[string]string, len(words))
	for _, w := range words {
		out[w[0]] = w[1]
	}
	return out
}

// Key returns the Chinese words of a code with verbs of package fmt for its arguments.
func (c Code) Key() string { return words[c][0] }

// Note is something that a person should know about a reading.
type Note struct {
	Code Code
	Args []any
}

// Chinese returns the words of a note.
func (n Note) Chinese() string { return fmt.Sprintf(words[n.Code][0], n.Args...) }

// English returns the words of a note.
func (n Note) English() string { return fmt.Sprintf(words[n.Code][1], n.Args...) }

// Error says why a file cannot be read. Its Note has the words.
type Error struct{ Note }

// Error is the English text.
func (e *Error) Error() string { return "doctext: " + e.English() }

func because(c Code, args ...any) *Error { return &Error{Note{c, args}} }
