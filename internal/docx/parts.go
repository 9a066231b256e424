package docx

import "strconv"

const (
	header    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	main      = `http://schemas.openxmlformats.org/wordprocessingml/2006/main`
	relations = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	packages  = `http://schemas.openxmlformats.org/package/2006`
	namespace = `xmlns:w="` + main + `" xmlns:r="` + relations + `"`
	wordType  = `application/vnd.openxmlformats-officedocument.wordprocessingml.`
)

const contentTypes = header + `<Types xmlns="` + packages + `/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="` + wordType + `document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="` + wordType + `styles+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="` + wordType + `footer+xml"/>` +
	`<Override PartName="/docProps/core.xml" ` +
	`ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const packageRels = header + `<Relationships xmlns="` + packages + `/relationships">` +
	`<Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="` + packages +
	`/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const documentRels = header + `<Relationships xmlns="` + packages + `/relationships">` +
	`<Relationship Id="rId1" Type="` + relations + `/styles" Target="styles.xml"/>` +
	`<Relationship Id="rId2" Type="` + relations + `/footer" Target="footer1.xml"/></Relationships>`

// style is one style of paragraphs.
type style struct {
	id, name, font string
	halfPoints     int
	layout         string // of the paragraph
	bold           bool
	outline        string // level in the outline, "" for none
}

func styleList() []style {
	centred := `<w:jc w:val="center"/>`
	exact := `<w:spacing w:line="` + strconv.Itoa(lineExactly) + `" w:lineRule="exact"/>`
	indent := `<w:ind w:firstLineChars="` + strconv.Itoa(indentChars) + `" w:firstLine="640"/>`
	return []style{
		{"BodyText", "Body Text", fontBody, 32, exact + indent, false, ""},
		{"Title", "Title", fontTitle, 44, `<w:spacing w:before="240" w:after="360" w:line="680" ` +
			`w:lineRule="exact"/>` + centred, false, ""},
		{"Number", "Document Number", fontBody, 32, exact + centred, false, ""},
		{"To", "Recipient", fontBody, 32, exact, false, ""},
		{"Heading1", "heading 1", fontHeading, 32, `<w:keepNext/>` + exact + indent, false, "0"},
		{"Heading2", "heading 2", fontSecond, 32, `<w:keepNext/>` + exact + indent, true, "1"},
		{"Caption", "caption", fontHeading, 24, `<w:keepNext/><w:spacing w:before="120" w:after="60"/>` +
			centred, false, ""},
		{"Cell", "Table Text", fontBody, 21, `<w:spacing w:line="300" w:lineRule="exact"/>`, false, ""},
		{"Signature", "Signature", fontBody, 32, exact + `<w:ind w:rightChars="400" w:right="1280"/>` +
			`<w:jc w:val="right"/>`, false, ""},
	}
}

func fontsOf(name string) string {
	return `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" ` +
		`w:eastAsia="` + name + `"/>`
}

func sizeOf(halfPoints int) string {
	n := strconv.Itoa(halfPoints)
	return `<w:sz w:val="` + n + `"/><w:szCs w:val="` + n + `"/>`
}

func styles() string {
	w := &writer{}
	w.add(header, `<w:styles `, namespace, `><w:docDefaults><w:rPrDefault><w:rPr>`, fontsOf(fontBody),
		sizeOf(32), `<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>`,
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>`)
	for _, s := range styleList() {
		w.add(`<w:style w:type="paragraph" w:styleId="`, s.id, `"><w:name w:val="`, s.name,
			`"/><w:basedOn w:val="Normal"/><w:pPr>`, s.layout)
		if s.outline != "" {
			w.add(`<w:outlineLvl w:val="`, s.outline, `"/>`)
		}
		w.add(`</w:pPr><w:rPr>`, fontsOf(s.font))
		if s.bold {
			w.add(`<w:b/>`)
		}
		w.add(sizeOf(s.halfPoints), `</w:rPr></w:style>`)
	}
	w.add(`<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		w.add(`<w:`, side, ` w:val="single" w:sz="4" w:space="0" w:color="auto"/>`)
	}
	w.add(`</w:tblBorders><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>`,
		`</w:tblCellMar></w:tblPr></w:style></w:styles>`)
	return w.String()
}

// footer has the number of the page between two dashes.
func footer() string {
	w := &writer{}
	w.add(header, `<w:ftr `, namespace, `><w:p><w:pPr><w:jc w:val="center"/></w:pPr>`)
	size := `<w:rPr>` + sizeOf(28) + `</w:rPr>`
	w.add(`<w:r>`, size, `<w:t xml:space="preserve">— </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r>`, size,
		`<w:t>1</w:t></w:r></w:fldSimple><w:r>`, size, `<w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>`)
	return w.String()
}
