package doctext

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wordPart is the main part of a Word file with the given body.
func wordPart(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="` + wordSpace + `" xmlns:mc="` +
		compatSpace + `"><w:body>` + body + `</w:body></w:document>`
}

func run(text string) string { return "<w:r><w:t>" + text + "</w:t></w:r>" }

func para(text string) string { return "<w:p>" + run(text) + "</w:p>" }

func row(cells ...string) string {
	out := "<w:tr>"
	for _, c := range cells {
		out += "<w:tc>" + c + "</w:tc>"
	}
	return out + "</w:tr>"
}

func TestWord(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, want string }{
		"runs of one paragraph": {"<w:p>" + run("全市") + run("64.8亿元") + "</w:p>" + para("二"),
			"全市64.8亿元\n二\n"},
		"tabs and breaks": {`<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>甲</w:t>` +
			`<w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:br w:type="page"/><w:noBreakHyphen/></w:r></w:p>`,
			"甲\t乙\n丙-\n"},
		"empty paragraphs": {para("甲") + "<w:p/>" + para("乙"), "甲\n\n乙\n"},
		"table": {"<w:tbl>" + row(para("序号"), para("任务")) + row(para("1"), para("工业")+para("投资")) +
			"</w:tbl>" + para("后"), "序号\t任务\n1\t工业 投资\n后\n"},
		"table in a table": {"<w:tbl>" + row(para("外"), "<w:tbl>"+row(para("内一"), para("内二"))+"</w:tbl>") +
			"</w:tbl>", "外\t内一 内二\n"},
		"notes and fields": {`<w:p>` + run("甲") + `<w:r><w:footnoteReference w:id="2"/></w:r><w:r>` +
			`<w:instrText>PAGE</w:instrText></w:r>` + run("乙") + `</w:p>`, "甲乙\n"},
		"deleted and inserted": {`<w:p><w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del>` +
			`<w:ins>` + run("新") + `</w:ins><w:moveFrom>` + run("走") + `</w:moveFrom></w:p>`, "新\n"},
		"hidden": {`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:rPr>` +
			`<w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r></w:p>`, "显\n"},
		"text box once": {`<w:p>` + run("外") + `<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>` +
			para("框") + `</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>` + para("框") +
			`</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>`, "框\n外\n"},
		"foreign text": {`<w:p>` + run("甲") + `<a:t xmlns:a="http://example.com/drawing">图</a:t></w:p>`,
			"甲\n"},
	} {
		got, err := Extract(t.Context(), "a.docx", zipOf(t, "word/document.xml", wordPart(c.body)))
		if diff := cmp.Diff(c.want, got.Text); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

// The main part is where the relations say; the strict form has other names.
func TestWordParts(t *testing.T) {
	t.Parallel()
	strict := strings.ReplaceAll(wordPart(para("严格")), wordSpace, wordStrictSpace)
	data := zipOf(t, "_rels/.rels", `<Relationships><Relationship Type="http://x/officeDocument" `+
		`Target="/word/document2.xml"/></Relationships>`, "word/document2.xml", strict,
		"docProps/core.xml", `<c xmlns:dc="d"><dc:title> 三年
行动方案</dc:title><x>y</x></c>`)
	got, err := Extract(t.Context(), "a.docx", data)
	want := Document{Text: "严格\n", Format: DOCX, Title: "三年 行动方案"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestWordNumbers(t *testing.T) {
	t.Parallel()
	list := func(id, level, text string) string {
		return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + id +
			`"/></w:numPr></w:pPr>` + run(text) + `</w:p>`
	}
	styled := func(style, text string) string {
		return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + run(text) + `</w:p>`
	}
	lvl := func(level, format, text, start string) string {
		return `<w:lvl w:ilvl="` + level + `"><w:start w:val="` + start + `"/><w:numFmt w:val="` + format +
			`"/><w:lvlText w:val="` + text + `"/></w:lvl>`
	}
	open := `<w:x xmlns:w="` + wordSpace + `">`
	numbering := open + `<w:abstractNum w:abstractNumId="7">` + lvl("0", "chineseCounting", "%1、", "1") +
		lvl("1", "chineseCounting", "（%2）", "1") + lvl("2", "decimal", "%3．", "1") + `</w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="8">` + lvl("0", "decimalEnclosedCircle", "%1", "3") +
		lvl("1", "bullet", "●", "1") + lvl("2", "lowerRoman", "%1.%3)", "4") + `</w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>` +
		`<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num></w:x>`
	styles := open + `<w:style w:styleId="标题"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>` +
		`</w:style><w:style w:styleId="小标题"><w:basedOn w:val="标题"/></w:style></w:x>`
	body := styled("标题", "总体要求") + list("1", "1", "目标") + list("1", "2", "企业") +
		list("1", "2", "平台") + list("1", "1", "原则") + list("1", "2", "另起") + styled("小标题", "任务") +
		list("1", "1", "甲") + list("0", "0", "无号") + list("2", "0", "圈") + list("2", "1", "点") +
		list("2", "2", "罗马") + list("9", "0", "没有的表") + list("2", "77", "深")
	got, err := Extract(t.Context(), "a.docx", zipOf(t, "word/document.xml", wordPart(body),
		"word/numbering.xml", numbering, "word/styles.xml", styles))
	want := "一、总体要求\n（一）目标\n1．企业\n2．平台\n（二）原则\n1．另起\n二、任务\n（一）甲\n无号\n③圈\n" +
		"点\n③.iv)罗马\n没有的表\n④深\n"
	if diff := cmp.Diff(want, got.Text); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestChineseNumber(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "一", 10: "十", 12: "十二", 20: "二十", 23: "二十三",
		100: "一百", 105: "一百零五", 110: "一百一十", 1001: "一千零一", 1010: "一千零一十", 0: "0"} {
		if got := chineseNumber(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// A small file that unpacks to more than a part may have is refused.
func TestZipBomb(t *testing.T) {
	t.Parallel()
	body := wordPart("<w:p><!--" + strings.Repeat("x", maxPartBytes) + "--></w:p>")
	_, err := Extract(t.Context(), "a.docx", zipOf(t, "word/document.xml", body))
	if reason, ok := errors.AsType[*Error](err); !ok || reason.Code != TooComplex {
		t.Errorf("%v", err)
	}
}
