package process_test

import (
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/process"
)

type def = process.Def[voucher]

// mistakes are ways to spoil a good definition, with what New says of them; "" is none.
var mistakes = []struct {
	name  string
	spoil func(d *def)
	says  string // "" = accepted
}{
	{"nothing", func(d *def) {}, ""},
	{"name", func(d *def) { d.Name = "Voucher" }, `name "Voucher"`},
	{"title", func(d *def) { d.Title = "" }, "no title"},
	{"policy", func(d *def) { d.Policy = nil }, "needs a policy"},
	{"store", func(d *def) { d.Store.Move = nil }, "Load, At and Move"},
	{"too many", func(d *def) { d.States = make([]process.State, process.MaxStates+1) },
		"more than 64 states"},
	{"state name", func(d *def) { d.States[0].Name = "草稿" }, `state name "草稿"`},
	{"state title", func(d *def) { d.States[1].Title = "" }, "state submitted has no title"},
	{"same state", func(d *def) { d.States[1].Name = "draft" }, "state draft is there twice"},
	{"no beginning", func(d *def) { d.States[0].Initial = false }, "no state is initial"},
	{"step name", func(d *def) { d.Steps[0].Name = "" }, `step name ""`},
	{"same step", func(d *def) { d.Steps[1].Name = "submit" }, "step submit is there twice"},
	{"step title", func(d *def) { d.Steps[0].Title = "" }, "step submit has no title"},
	{"from nowhere", func(d *def) { d.Steps[0].From = nil }, "step submit starts nowhere"},
	{"from unknown", func(d *def) { d.Steps[0].From = []string{"x"} }, `submit: unknown state "x"`},
	{"from twice", func(d *def) { d.Steps[0].From = []string{"draft", "draft"} },
		"names the state draft twice"},
	{"from the end", func(d *def) { d.Steps[0].From = []string{"draft", "paid"} },
		"submit leaves the final state paid"},
	{"to unknown", func(d *def) { d.Steps[0].To = "x" }, `submit: unknown state "x"`},
	{"to forgotten", func(d *def) { d.Steps[0].To = "" }, `submit: unknown state ""`},
	{"unknown action", func(d *def) { d.Steps[0].May = "voucher.burn" },
		`no action "voucher.burn"`},
	{"guard without words", func(d *def) { d.Steps[0].Rule = "" }, "does not say its rule"},
	{"unknown need", func(d *def) { d.Steps[0].Needs = 8 }, "unknown need"},
	{"files nobody checks", func(d *def) { d.Store.Files = nil }, "supply needs files"},
	{"unreachable", func(d *def) {
		d.States = append(d.States, process.State{Name: "lost", Title: "失联"})
		d.Steps = append(d.Steps, process.Step[voucher]{Name: "find", Title: "找回",
			From: []string{"lost"}, To: "draft", May: "voucher.apply"})
	}, "state lost cannot be reached"},
	{"dead end", func(d *def) { d.States[5].Final = false },
		"state rejected is a dead end and not marked final"},
	{"staying is no way out", func(d *def) {
		d.States[5].Final = false
		d.Steps = append(d.Steps, process.Step[voucher]{Name: "remind", Title: "催办",
			From: []string{"rejected"}, To: process.Stay, May: "voucher.handle"})
	}, "state rejected is a dead end"},
	{"loop", func(d *def) {
		d.States = append(d.States, process.State{Name: "a", Title: "甲"},
			process.State{Name: "b", Title: "乙"})
		for _, s := range [][2]string{{"draft", "a"}, {"a", "b"}, {"b", "a"}} {
			d.Steps = append(d.Steps, process.Step[voucher]{Name: s[0] + "_" + s[1], Title: "走",
				From: s[:1], To: s[1], May: "voucher.apply"})
		}
	}, "no final state can be reached from a"},
	{"a loop on purpose", func(d *def) {
		*d = switchDef()
	}, ""},
	{"a loop by accident", func(d *def) {
		*d = switchDef()
		d.Endless = false
	}, "no final state can be reached from off"},
	{"clock name", func(d *def) { d.Clocks[0].Name = "" }, "lacks a proper name"},
	{"same clock", func(d *def) { d.Clocks[1].Name = "decide" }, "clock decide is there twice"},
	{"no limit", func(d *def) { d.Clocks[0].Limit = process.WorkingDays(0) },
		"limit of 0 working_day"},
	{"no owner", func(d *def) { d.Clocks[0].Owner = nil }, "needs an owner"},
	{"no last resort", func(d *def) { d.Clocks[0].LastResort = process.Owner{} },
		"and a last resort"},
	{"a last resort that is nobody", func(d *def) {
		d.Clocks[0].LastResort = process.Owner{Role: "boss"}
	}, "and a last resort"},
	{"never runs", func(d *def) { d.Clocks[0].In = nil }, "clock decide never runs"},
	{"runs nowhere", func(d *def) { d.Clocks[1].In = []string{"x"} },
		`clock supply: unknown state "x"`},
	{"runs at the end", func(d *def) { d.Clocks[2].In = []string{"paid"} },
		"would never end in the final state paid"},
	{"runs and stands still", func(d *def) { d.Clocks[0].Paused = []string{"submitted"} },
		"decide names the state submitted twice"},
	{"a pause nobody can make", func(d *def) { d.Clocks[0].Paused = []string{"draft"} },
		"no step leads there while it runs"},
	{"extends an unknown clock", func(d *def) { d.Steps[4].Extends.Clock = "x" },
		`unknown clock "x"`},
	{"extends in another unit", func(d *def) { d.Steps[4].Extends.By = process.CalendarDays(1) },
		"in another unit"},
	{"a named deadline that nothing names", func(d *def) {
		d.Clocks[0].Limit, d.Clocks[0].Varies = process.Named(), nil
	}, "but nothing names it"},
	{"extends by a named deadline", func(d *def) { d.Steps[4].Extends.By = process.DueAt(1) },
		"is moved by its object"},
	{"extends by nothing", func(d *def) { d.Steps[4].Extends.By = process.WorkingDays(0) },
		"limit of 0"},
	{"extends what does not run", func(d *def) {
		d.Steps[4].From = []string{"submitted", "supplement"}
	}, "which does not run in supplement"},
}

func TestNewRefuses(t *testing.T) {
	for _, c := range mistakes {
		t.Run(c.name, func(t *testing.T) {
			d := voucherDef()
			c.spoil(&d)
			_, err := process.New(d)
			switch {
			case c.says == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
				t.Errorf("got %v, want an error with %q", err, c.says)
			}
		})
	}
}

// switchDef is a life without an end: on and off.
func switchDef() process.Def[voucher] {
	d := voucherDef()
	d.Name, d.Clocks, d.Endless = "switch", nil, true
	d.States = []process.State{{Name: "on", Title: "启用", Initial: true}, {Name: "off", Title: "停用"}}
	d.Steps = []process.Step[voucher]{
		{Name: "disable", Title: "停用", From: []string{"on"}, To: "off", May: "voucher.handle"},
		{Name: "enable", Title: "启用", From: []string{"off"}, To: "on", May: "voucher.handle"},
	}
	return d
}

// All mistakes are told at once.
func TestNewTellsEverything(t *testing.T) {
	d := voucherDef()
	d.Title, d.Steps[0].Title, d.Steps[2].To = "", "", "nowhere"
	_, err := process.New(d)
	for _, want := range []string{"no title", "step submit has no title", `unknown state "nowhere"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("MustNew accepted a wrong definition")
		}
	}()
	process.MustNew(d)
}

func TestWithRefusesTimes(t *testing.T) {
	if _, err := process.MustNew(voucherDef()).With(process.Times{}); err == nil {
		t.Error("bound to no calendar")
	}
}
