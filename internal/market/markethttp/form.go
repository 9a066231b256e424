package markethttp

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// postForm is a form about a post: what was typed, and what it means.
type postForm struct {
	data     market.PostData
	lo, hi   string // prices as typed, in 万元
	keywords string // separated by signs of lists
	org      pick
	named    pick
	place    string            // text in the box beside the pick of the region
	words    map[string]string // of a pasted text, by the field that they filled
	source   string            // form or paste
	version  int64
	key      string
	wrong    []fault.Field // what could not be read
}

func (f *postForm) bad(field, key string, args ...any) {
	f.wrong = append(f.wrong, fault.At(field, key, args...))
}

// emptyForm is the form of a new post with what is known of the actor's organisation, so that
// nobody types it again.
func (h *Handler) emptyForm(ctx context.Context, by authz.Actor, k market.Kind) postForm {
	f := postForm{key: id.New(), source: "form"}
	f.data.Kind, f.data.Visibility, f.data.Region = k, market.Open, h.home()
	h.ofOwner(ctx, by, &f)
	return f
}

// ofOwner fills in the actor's organisation, its place and its first contact.
func (h *Handler) ofOwner(ctx context.Context, by authz.Actor, f *postForm) {
	if by.Org == "" {
		return
	}
	f.org.values, f.data.Org = []string{by.Org}, by.Org
	o, err := h.deps.Party.GetOrganisation(ctx, by, by.Org)
	if err != nil {
		return // then the form asks for it
	}
	f.data.Region = o.Region
	if len(o.Contacts) > 0 {
		c := o.Contacts[0]
		f.data.Contact, f.data.ContactPhone, f.data.ContactMail = c.Name, c.Phone, c.Email
	}
}

// formOf shows stored data in a form.
func formOf(p market.Post) postForm {
	f := postForm{data: p.PostData, version: p.Version, key: id.New(), source: p.Source,
		lo: wan(p.PriceLoFen), hi: wan(p.PriceHiFen), keywords: strings.Join(p.Keywords, "、"),
		named: pick{values: p.Named}}
	if p.Org != "" {
		f.org.values = []string{p.Org}
	}
	return f
}

// wan writes an amount as people type it here, in 万元; nothing for 0.
func wan(f money.Fen) string {
	if f == 0 {
		return ""
	}
	return i18n.AmountIn(f, money.Wan)
}

// maxRows bounds the rows of a form that are read; the room says what is too many for a post.
const maxRows = 100

// readForm reads a form. Rows are numbered anew, so that messages meet the rows they are about.
func (h *Handler) readForm(
	ctx context.Context, by authz.Actor, k market.Kind, v url.Values,
) postForm {
	f := postForm{lo: strings.TrimSpace(v.Get("priceLoFen")), hi: strings.TrimSpace(v.Get("priceHiFen")),
		keywords: v.Get("keywords"), key: v.Get("key"), source: "form", words: map[string]string{}}
	f.version = versionOf(v)
	f.data = market.PostData{Kind: k, Title: v.Get("title"), Text: v.Get("text"),
		Field: v.Get("field"), Chain: v.Get("chain"), SixNew: v.Get("sixNew"),
		Keywords: splitWords(f.keywords), Modes: nonEmpty(v["modes"]), Service: v.Get("service"),
		Deadline:   clock.Date(strings.TrimSpace(v.Get("deadline"))),
		Visibility: market.Visibility(v.Get("visibility")), Contact: v.Get("contact"),
		ContactPhone: v.Get("contactPhone"), ContactMail: v.Get("contactMail"), Broker: v.Get("broker")}
	if f.data.Visibility == "" {
		f.data.Visibility = market.Open
	}
	f.readPrices()
	f.readTRL(v.Get("trl"))
	h.readPlace(by, &f, v)
	h.readOwner(ctx, by, &f, v)
	f.data.Parameters = readParameters(v)
	if k == market.Need {
		f.data.NeedData = market.NeedData{NeedKind: v.Get("needKind"), Current: v.Get("current")}
	} else {
		f.readAchievement(v)
	}
	for name, values := range v {
		if field, ok := strings.CutPrefix(name, wordsPrefix); ok && values[0] != "" {
			f.words[field], f.source = values[0], "paste"
		}
	}
	return f
}

// wordsPrefix names the fields that carry the words of a pasted text along with a form.
const wordsPrefix = "words."

// versionOf reads the version that a form was based on. A wrong one is stale.
func versionOf(v url.Values) int64 { return whole(v.Get("version")) }

func nonEmpty(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" })
}

// splitWords reads a list of words with any of the signs that people put between them.
func splitWords(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool {
		return strings.ContainsRune(wordMarks, r)
	}) {
		if w = strings.TrimSpace(w); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// readPrices reads from and to. One amount alone is a price, not a range.
func (f *postForm) readPrices() {
	read := func(name, text string) money.Fen {
		if text == "" {
			return 0
		}
		fen, err := money.Parse(text, money.Wan)
		if e, ok := fault.As(err); ok {
			f.bad(name, e.Key, e.Args...)
		}
		return fen
	}
	f.data.PriceLoFen, f.data.PriceHiFen = read("priceLoFen", f.lo), read("priceHiFen", f.hi)
	if f.hi == "" && f.data.PriceLoFen > 0 {
		f.data.PriceHiFen = f.data.PriceLoFen
	}
}

func (f *postForm) readTRL(s string) {
	if s == "" {
		return
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		n = -1 // the room knows no such level
	}
	f.data.TRL = n
}

func (h *Handler) readPlace(by authz.Actor, f *postForm, v url.Values) {
	where := readPick(v, "region")
	f.data.Region, f.place = region.Code(where.first()), where.text
	if where.text == "" || dropped(v, "region") {
		return
	}
	code, err := h.findPlace(by, where.text)
	if e, ok := fault.As(err); ok {
		f.bad("region", e.Key, e.Args...)
		return
	}
	f.data.Region, f.place = code, ""
}

// readOwner reads the organisation that the post belongs to and those that may know of it. Who acts
// for an organisation posts for that one.
func (h *Handler) readOwner(ctx context.Context, by authz.Actor, f *postForm, v url.Values) {
	f.org, f.named = readPick(v, "org"), readPick(v, "named")
	if by.Org != "" {
		f.org = pick{values: []string{by.Org}}
	}
	for _, x := range []struct {
		name string
		p    *pick
		many bool
	}{{"org", &f.org, false}, {"named", &f.named, true}} {
		if x.p.text == "" || dropped(v, x.name) {
			continue
		}
		found, err := h.findOrg(ctx, by, x.p.text)
		if e, ok := fault.As(err); ok {
			f.bad(x.name, e.Key, e.Args...)
			continue
		}
		if !x.many {
			x.p.values = nil
		}
		x.p.values, x.p.text = append(x.p.values, found), ""
	}
	f.data.Org, f.data.Named = f.org.first(), f.named.values
}

func readParameters(v url.Values) []market.Parameter {
	var out []market.Parameter
	for i, n := range ui.RowNumbers(v, "parameters") {
		if i == maxRows {
			break
		}
		get := func(name string) string {
			return strings.TrimSpace(v.Get(ui.RowName("parameters", n, name)))
		}
		out = append(out, market.Parameter{Name: get("name"), Op: get("op"), Value: get("value"),
			Top: get("top"), Unit: get("unit")})
	}
	return out
}

func (f *postForm) readAchievement(v url.Values) {
	day := func(name string) clock.Date { return clock.Date(strings.TrimSpace(v.Get(name))) }
	a := market.AchievementData{ResultKind: v.Get("resultKind"), Standard: v.Get("standard"),
		Pricing: v.Get("pricing"), Entitlement: v.Get("entitlement"), NoticeFrom: day("noticeFrom"),
		NoticeTo: day("noticeTo"), PayLater: v.Get("payLater") == "1", Ready: v.Get("ready") == "1",
		Values: market.Values{Science: v.Get("values.science"), Technology: v.Get("values.technology"),
			Economy: v.Get("values.economy"), Society: v.Get("values.society"),
			Culture: v.Get("values.culture")}}
	for i, n := range ui.RowNumbers(v, "rights") {
		if i == maxRows {
			break
		}
		get := func(name string) string { return strings.TrimSpace(v.Get(ui.RowName("rights", n, name))) }
		a.Rights = append(a.Rights, market.Right{Kind: get("kind"), Number: get("number"),
			Title: get("title"), State: get("state"), Holder: get("holder")})
	}
	for i, n := range ui.RowNumbers(v, "proofs") {
		if i == maxRows {
			break
		}
		get := func(name string) string { return strings.TrimSpace(v.Get(ui.RowName("proofs", n, name))) }
		a.Proofs = append(a.Proofs, market.Proof{Level: int(whole(get("level"))), Text: get("text"),
			File: get("file")})
	}
	f.data.AchievementData = a
}

// dropBlankRows leaves out rows in which nothing was typed: the form offers one of each list.
func (f *postForm) dropBlankRows() {
	f.data.Parameters = slices.DeleteFunc(f.data.Parameters, func(p market.Parameter) bool {
		return p.Name+p.Value+p.Top+p.Unit == ""
	})
	f.data.Rights = slices.DeleteFunc(f.data.Rights, func(x market.Right) bool {
		return x.Number+x.Title+x.Holder == ""
	})
	f.data.Proofs = slices.DeleteFunc(f.data.Proofs, func(x market.Proof) bool { return x.Text == "" })
}

// rowLists are the lists of rows of the form.
var rowLists = []string{"parameters", "rights", "proofs"}

// edited does what the buttons inside a form ask for without scripts: add or remove a row, drop a
// pick. It reports whether one of them was pressed; then nothing is saved.
func (f *postForm) edited(v url.Values) bool {
	switch v.Get("add") {
	case "parameters":
		f.data.Parameters = append(f.data.Parameters, market.Parameter{})
		return true
	case "rights":
		f.data.Rights = append(f.data.Rights, market.Right{})
		return true
	case "proofs":
		f.data.Proofs = append(f.data.Proofs, market.Proof{})
		return true
	}
	list, digits, _ := strings.Cut(v.Get("remove"), ".")
	if n, err := strconv.Atoi(digits); err == nil && slices.Contains(rowLists, list) {
		f.remove(list, slices.Index(ui.RowNumbers(v, list), n))
		return true
	}
	return dropped(v, "region", "org", "named")
}

func (f *postForm) remove(list string, at int) {
	switch {
	case at < 0:
	case list == "parameters" && at < len(f.data.Parameters):
		f.data.Parameters = slices.Delete(f.data.Parameters, at, at+1)
	case list == "rights" && at < len(f.data.Rights):
		f.data.Rights = slices.Delete(f.data.Rights, at, at+1)
	case list == "proofs" && at < len(f.data.Proofs):
		f.data.Proofs = slices.Delete(f.data.Proofs, at, at+1)
	}
}

// formFields are the fields of the form that are not in rows.
var formFields = []string{"title", "text", "field", "chain", "sixNew", "keywords", "modes", "service",
	"priceLoFen", "priceHiFen", "trl", "deadline", "visibility", "named", "named_q", "org", "org_q",
	"region", "region_q", "contact", "contactPhone", "contactMail", "broker", "needKind", "current",
	"resultKind", "standard", "pricing", "entitlement", "noticeFrom", "noticeTo", "payLater", "ready",
	"values.science", "values.technology", "values.economy", "values.society", "values.culture"}

// typed keeps the fields of the form out of everything that was sent.
func typed(v url.Values) url.Values {
	out := url.Values{}
	for name, values := range v {
		list, _, _ := strings.Cut(name, ".")
		row := slices.Contains(rowLists, list) || strings.HasPrefix(name, wordsPrefix)
		if (row || slices.Contains(formFields, name)) && !(len(values) == 1 && values[0] == "") {
			out[name] = values
		}
	}
	return out
}
