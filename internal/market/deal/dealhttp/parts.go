package dealhttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// after shows the record with the fault of one of its forms, or goes back to it.
func (h *Handler) after(
	w http.ResponseWriter, r *http.Request, x deal.DealDetail, form, done string, err error,
) error {
	if fault.Is(err, fault.Invalid) {
		return h.showDeal(w, r, x, shown{form: form, typed: r.PostForm, err: err})
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, dealPath(x.ID, ""), done)
}

func (h *Handler) postNote(w http.ResponseWriter, r *http.Request, x deal.DealDetail) error {
	v := r.PostForm
	_, err := h.deal.AddNote(r.Context(), web.Actor(r), deal.NewNote{Deal: x.ID,
		Text: v.Get("text"), Seen: v.Get("seen"), Key: v.Get("key")})
	return h.after(w, r, x, "note", "已保存备注", err)
}

func (h *Handler) postWork(w http.ResponseWriter, r *http.Request, x deal.DealDetail) error {
	v := r.PostForm
	_, err := h.deal.AddWork(r.Context(), web.Actor(r), deal.NewWork{Deal: x.ID,
		Work: v.Get("work"), Day: clock.Date(v.Get("day")), Hours: whole(v.Get("hours")),
		Text: v.Get("text"), Key: v.Get("key")})
	return h.after(w, r, x, "work", "已登记贡献", err)
}

func (h *Handler) postComplain(w http.ResponseWriter, r *http.Request, x deal.DealDetail) error {
	v := r.PostForm
	_, err := h.deal.Complain(r.Context(), web.Actor(r), deal.NewComplaint{Deal: x.ID,
		Text: v.Get("text"), Key: v.Get("key")})
	return h.after(w, r, x, "complain", "投诉已提交科技局", err)
}

// postContact hands contacts out and shows them once: they are in no address and no cache.
func (h *Handler) postContact(w http.ResponseWriter, r *http.Request, x deal.DealDetail) error {
	got, err := h.deal.RevealContacts(r.Context(), web.Actor(r), x.ID)
	if err != nil {
		return err
	}
	if x, err = h.dealOf(r); err != nil { // with the line about it
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return h.showDeal(w, r, x, shown{contacts: got})
}

// readSplit reads the form of a commission: the rate, a note and the rows of its shares.
func readSplit(v url.Values, dealID string) (deal.NewSplit, []fault.Field) {
	var wrong []fault.Field
	in := deal.NewSplit{Deal: dealID, Note: v.Get("note"), Key: v.Get("key")}
	in.RateBp = percent(v, "rateBp", &wrong)
	for _, n := range ui.RowNumbers(v, "parts") {
		name := ui.RowName("parts", n, "name")
		bp := ui.RowName("parts", n, "bp")
		if strings.TrimSpace(v.Get(name)+v.Get(bp)) == "" {
			continue
		}
		in.Parts = append(in.Parts, deal.Part{Name: v.Get(name), Bp: percent(v, bp, &wrong)})
	}
	return in, wrong
}

// percent reads a percentage as hundredths of one.
func percent(v url.Values, name string, wrong *[]fault.Field) int64 {
	text := strings.TrimSuffix(strings.TrimSpace(v.Get(name)), "%")
	before, after, dot := strings.Cut(text, ".")
	digits := before + (after + "00")[:2]
	n, err := strconv.ParseUint(digits, 10, 31)
	if text != "" && (err != nil || len(after) > 2 || dot && after == "") {
		*wrong = append(*wrong, fault.At(name, "百分比应为数字，如 5.25"))
	}
	return int64(n)
}

func (h *Handler) postSplit(w http.ResponseWriter, r *http.Request, x deal.DealDetail) error {
	in, wrong := readSplit(r.PostForm, x.ID)
	if len(wrong) > 0 {
		return h.after(w, r, x, "split", "", fault.Fields(wrong...))
	}
	_, err := h.deal.ProposeSplit(r.Context(), web.Actor(r), in)
	return h.after(w, r, x, "split", "已提出佣金约定，请另两方确认", err)
}

func (h *Handler) postConfirm(w http.ResponseWriter, r *http.Request, x deal.DealDetail) error {
	v := r.PostForm
	_, err := h.deal.ConfirmSplit(r.Context(), web.Actor(r), deal.SplitConfirmation{Deal: x.ID,
		N: whole(v.Get("n")), Key: v.Get("key")})
	return h.after(w, r, x, "confirm", "已确认佣金约定", err)
}

// splitRows is how many shares the form of a commission offers.
const splitRows = 4

// splitBlock shows the newest version of the agreement on the commission, with who confirmed it, and
// the form of another one.
func (h *Handler) splitBlock(r *http.Request, x deal.DealDetail, s shown) templ.Component {
	by := web.Actor(r)
	may := x.Broker != "" && x.Open() && deal.DealPolicy.May(by, deal.ActDealSplit, x.Deal) == nil
	if len(x.Splits) == 0 && !may {
		return nil
	}
	var parts []templ.Component
	if len(x.Splits) > 0 {
		parts = append(parts, splitTable(h.splitShown(r, x)))
		if why := unconfirmable(x); why != "" {
			parts = append(parts, ui.Note(say(r, why)))
		}
		if may && !x.Splits[0].Confirmed(x.Side) {
			parts = append(parts, ui.PostButton(ui.Post{Action: dealPath(x.ID, "confirm"),
				Hidden: []ui.Hidden{{Name: "n", Value: number(x.Splits[0].N)}},
				Button: ui.Action{Text: say(r, "确认第 %d 版", x.Splits[0].N), Primary: true}}))
		}
	} else {
		parts = append(parts, ui.Note(say(r, "还没有约定佣金。提出后由双方和技术经理人各自确认。")))
	}
	if may {
		parts = append(parts, h.splitForm(r, x, s))
	}
	return ui.With(ui.Block(say(r, "佣金约定")), parts...)
}

// unconfirmable says, as a key of package i18n, why the newest version waits for nobody's confirmation
// any more, or not now; "" when it does, or has all.
func unconfirmable(x deal.DealDetail) string {
	switch {
	case x.Splits[0].Agreed():
		return ""
	case !x.Open():
		return "对接已结束，这一版没有经三方确认，也不能再确认。"
	case x.Broker == "":
		return "现在没有技术经理人经办，指派后由其确认。"
	}
	return ""
}

func (h *Handler) splitShown(r *http.Request, x deal.DealDetail) splitShown {
	ctx, now := r.Context(), x.Splits[0]
	v := splitShown{note: now.Note, title: say(r, "第 %d 版：合同成交额的 %s%%", now.N,
		deal.PercentText(now.RateBp)), mark: ui.State{Tone: ui.Warn, Text: say(r, "待确认")}}
	waits := "%s待确认"
	switch {
	case now.Agreed():
		v.mark = ui.State{Tone: ui.OK, Text: say(r, "三方已确认")}
	case !x.Open():
		v.mark, waits = ui.State{Tone: ui.Idle, Text: say(r, "未经三方确认")}, "%s未确认"
	}
	price := x.ContractFen
	if price == 0 {
		price = x.AmountFen
	}
	if price > 0 {
		v.title = ui.Words(v.title, i18n.Yuan(lang(r), now.CommissionFen(price)))
	}
	for _, p := range now.Parts {
		v.parts = append(v.parts, partShown{p.Name, deal.PercentText(p.Bp) + "%"})
	}
	for _, side := range []string{deal.Demand, deal.Supply, deal.Agent} {
		m := ui.State{Tone: v.mark.Tone, Text: h.sideWord(ctx, side, waits)}
		if now.Confirmed(side) {
			m = ui.State{Tone: ui.OK, Text: h.sideWord(ctx, side, "%s已确认")}
		}
		v.marks = append(v.marks, m)
	}
	return v
}

// sideWord says something of a side.
func (h *Handler) sideWord(ctx context.Context, side, key string) string {
	return i18n.T(ctx, key, i18n.Key(deal.TitleOf(deal.Parties(), side)))
}

func (h *Handler) splitForm(r *http.Request, x deal.DealDetail, s shown) templ.Component {
	inputs := []ui.Input{{Kind: ui.InNumber, Name: "rateBp", Label: say(r, "佣金比例"), Unit: "%",
		Width: ui.W6, Value: s.value("split", "rateBp"), Hint: say(r, "占合同成交额的百分比")}}
	for n := range splitRows {
		optional := n > 0
		inputs = append(inputs,
			ui.Input{Name: ui.RowName("parts", n, "name"), Label: say(r, "分成方 %d", n+1),
				Value: s.value("split", ui.RowName("parts", n, "name")), MaxLen: deal.MaxLine,
				Optional: optional, Width: ui.W18},
			ui.Input{Kind: ui.InNumber, Name: ui.RowName("parts", n, "bp"), Unit: "%", Width: ui.W6,
				Label: say(r, "分成方 %d 的比例", n+1), Optional: optional,
				Value: s.value("split", ui.RowName("parts", n, "bp"))})
	}
	inputs = append(inputs, ui.Input{Name: "note", Label: say(r, "说明"), Optional: true,
		MaxLen: deal.MaxNext, Value: s.value("split", "note")})
	title := "提出佣金约定"
	if len(x.Splits) > 0 {
		title = "提出新的一版"
	}
	return h.blockForm(r, x, s, blockForm{name: "split", title: title, button: "提出佣金约定",
		inputs: inputs})
}
