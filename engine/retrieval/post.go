package retrieval

import (
	"fmt"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Post is a need (需求) or an offer (成果) with what may stand beside its text. Empty fields say
// nothing, and nothing follows from them.
type Post struct {
	ID       string
	Title    string
	Text     string
	Keywords string
	Field    string        // 技术领域
	Chain    string        // 产业链环节
	Region   string        // code of GB/T 2260, of province, city or district
	TRL      int           // technology readiness by GB/T 22900: wanted at least, or reached; 0 unknown
	Yuan     hanzi.Decimal // budget of a need, price of an offer; zero unknown
	IP       IPState       // 知识产权状态: wanted at least, or reached
	Deadline int           // the last day it stands, as 20260131; 0 unknown
	Modes    []string      // ways to work together, 合作方式: 转让, 许可, 合作开发

	// Hidden are the fields that the reader may not see: they neither count nor are mentioned.
	Hidden Hidden
	// Vector is what an Embedder made of the texts; nil without one.
	Vector []float32
}

// IPState is how far the rights of an offer are (知识产权状态), in the order of what they are worth.
type IPState uint8

// States of rights.
const (
	IPUnknown IPState = iota
	IPNone            // no right was applied for, 无
	IPLapsed          // it has ended, 已失效
	IPApplied         // applied for, 申请中
	IPGranted         // granted and in force, 已授权
)

// Hidden is a set of fields of a post.
type Hidden uint16

// Fields of a post that can be hidden.
const (
	HideTitle Hidden = 1 << iota
	HideText
	HideKeywords
	HideField
	HideChain
	HideRegion
	HideTRL
	HideYuan
	HideIP
	HideDeadline
	HideModes
	HideVector // as of HideTitle, HideText and HideKeywords, since it is made of those
)

const hideTexts = HideTitle | HideText | HideKeywords

// visible returns the post as if what is hidden were not there.
func (p *Post) visible() *Post {
	if p.Hidden == 0 {
		return p
	}
	v := *p
	for _, f := range []struct {
		mask Hidden
		text *string
	}{
		{HideTitle, &v.Title}, {HideText, &v.Text}, {HideKeywords, &v.Keywords}, {HideField, &v.Field},
		{HideChain, &v.Chain}, {HideRegion, &v.Region},
	} {
		if p.Hidden&f.mask != 0 {
			*f.text = ""
		}
	}
	if p.Hidden&HideTRL != 0 {
		v.TRL = 0
	}
	if p.Hidden&HideYuan != 0 {
		v.Yuan = hanzi.Decimal{}
	}
	if p.Hidden&HideIP != 0 {
		v.IP = IPUnknown
	}
	if p.Hidden&HideDeadline != 0 {
		v.Deadline = 0
	}
	if p.Hidden&HideModes != 0 {
		v.Modes = nil
	}
	if p.Hidden&(HideVector|hideTexts) != 0 {
		v.Vector = nil
	}
	return &v
}

// Document is what of a post is indexed.
func (p *Post) Document() Document { return Document{ID: p.ID, Fields: p.texts()} }

func (p *Post) texts() []string {
	p = p.visible()
	return []string{p.Title, p.Text, p.Keywords}
}

// Asked is what of a need is looked for, by MatchFields: the title, what the text wants, the keywords,
// and the sections of the text that only tell who asks.
func (p *Post) Asked() []string {
	p = p.visible()
	wanted, background := SplitNeed(p.Text)
	return []string{p.Title, wanted, p.Keywords, background}
}

// wanted are the amounts that a need asks for.
func (p *Post) wanted() []Parameter {
	p = p.visible()
	text, _ := SplitNeed(p.Text)
	return Wanted(p.Title + "\n" + text)
}

// byParameters compares the amounts that a need wants with those that an offer states.
func byParameters(wanted, stated []Parameter) []Reason {
	var out []Reason
	for i := range wanted {
		w := &wanted[i]
		s, verdict := Answer(w, stated)
		if s == nil {
			continue
		}
		r := Reason{Kind: ByParameter, For: verdict == Kept, Wanted: w.Name + w.Surface, Stated: s.Name + s.Surface}
		if r.For {
			r.Zh = fmt.Sprintf("“%s”达到“%s”的要求", r.Stated, r.Wanted)
			r.En = fmt.Sprintf("the stated %s meets the wanted %s", r.Stated, r.Wanted)
		} else {
			r.Zh = fmt.Sprintf("“%s”达不到“%s”的要求", r.Stated, r.Wanted)
			r.En = fmt.Sprintf("states %s where %s is wanted", r.Stated, r.Wanted)
		}
		if out = append(out, r); len(out) == maxReasonWords {
			break
		}
	}
	return out
}
