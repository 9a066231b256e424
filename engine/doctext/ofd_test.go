package doctext

import (
	"errors"
	"strings"
	"testing"
)

const ofdMain = `<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody>
<ofd:DocInfo><ofd:Title>工作要点</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>
</ofd:DocBody></ofd:OFD>`

const ofdDocument = `<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData><ofd:PageArea>
<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>
<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`

func ofdText(x, y, text string) string {
	return `<ofd:TextObject Boundary="` + x + ` ` + y + ` 150 6" Size="5"><ofd:TextCode X="0" Y="5">` +
		text + `</ofd:TextCode></ofd:TextObject>`
}

func ofdPageOf(objects ...string) string {
	return `<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>` +
		strings.Join(objects, "") + `</ofd:Layer></ofd:Content></ofd:Page>`
}

// The pieces of an OFD are read in the order of the page, not of the file.
func TestOFD(t *testing.T) {
	t.Parallel()
	full := strings.Repeat("推进科技创新", 5)
	data := zipOf(t, "OFD.xml", ofdMain, "Doc_0/Document.xml", ofdDocument, "Doc_0/Pages/Page_0/Content.xml",
		ofdPageOf(ofdText("30", "48", "达到64.8亿元。"), ofdText("30", "40", full), ofdText("40", "20", "2026年"),
			ofdText("70", "20", "工作要点"), `<ofd:ImageObject ResourceID="3"/>`))
	got, err := Extract(t.Context(), "a.ofd", data)
	if err != nil || got.Format != OFD || got.Title != "工作要点" || got.Pages != 1 {
		t.Fatalf("%+v (%v)", got, err)
	}
	for _, want := range []string{"2026年", "工作要点", full, "达到64.8亿元。"} {
		at := strings.Index(got.Text, want)
		if at < 0 {
			t.Fatalf("%q lacks %s", got.Text, want)
		}
		got.Text = got.Text[at:]
	}
}

func TestOFDRefuses(t *testing.T) {
	t.Parallel()
	page := "Doc_0/Pages/Page_0/Content.xml"
	for name, c := range map[string]struct {
		parts []string
		want  Code
	}{
		"no document": {[]string{"OFD.xml", "<OFD/>"}, Damaged},
		"pictures only": {[]string{"OFD.xml", ofdMain, "Doc_0/Document.xml", ofdDocument, page,
			ofdPageOf(`<ofd:ImageObject ResourceID="3"/>`)}, Scanned},
		"broken page": {[]string{"OFD.xml", ofdMain, "Doc_0/Document.xml", ofdDocument, page, "<a><b>"}, Damaged},
		"deep": {[]string{"OFD.xml", ofdMain, "Doc_0/Document.xml", ofdDocument, page,
			strings.Repeat("<a>", maxXMLDepth+1)}, TooComplex},
		"outside": {[]string{"OFD.xml", strings.ReplaceAll(ofdMain, "Doc_0/", "../../etc/")}, Empty},
	} {
		_, err := Extract(t.Context(), "a.ofd", zipOf(t, c.parts...))
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Code != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}
