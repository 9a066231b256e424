package dispatch

import (
	"context"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/docx"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// LightSource knows the numbers behind lights. The room that keeps targets has one.
type LightSource interface {
	// Lights returns the red lights of the region of a meeting, the most urgent first, and behind them the
	// lights that its items are about, whatever their colour; all as far as the actor may see them.
	Lights(ctx context.Context, by authz.Actor, m Meeting, about About) ([]Light, error)
}

// About is what the items of a meeting are about.
type About struct {
	Targets []string // ids
	Tasks   []string // a light may have opened one of them
}

// Light is the light of a target, as a pack shows it. Each figure has the page that proves it.
type Light struct {
	Target  string   // id
	Task    string   // id of the task that the light opened, "" for none
	Name    docx.Run // of the indicator
	Subject string   // whose target it is: a place or a unit
	Colour  plan.Colour
	Value   docx.Run
	Goal    docx.Run
	Gap     docx.Run // what is lacking, "—" where that cannot be said
	AsOf    docx.Run // of the value
	Lead    string   // who answers for it
}

// Watch makes a room the source of lights. It is called while the program is put together.
func (s *Service) Watch(source LightSource) { s.lights = source }

// lightsOf are the red lights of a meeting's place and those that its items are about.
func (s *Service) lightsOf(ctx context.Context, by authz.Actor, d MeetingDetail) ([]Light, error) {
	if s.lights == nil {
		return nil, nil
	}
	var about About
	for _, x := range d.Kept() {
		if id, is := strings.CutPrefix(x.sourceKey, TargetKey("")); is {
			about.Targets = append(about.Targets, id)
		} else if x.task() != "" {
			about.Tasks = append(about.Tasks, x.task())
		}
	}
	return s.lights.Lights(ctx, by, d.Meeting, about)
}

// about says whether an item is about a light, or about the task it opened.
func (l Light) about(x Item) bool {
	return x.sourceKey == TargetKey(l.Target) || l.Task != "" && x.task() == l.Task
}

// item is the number of the item about a light, 0 for none.
func (l Light) item(d MeetingDetail) int {
	for i, x := range d.Kept() {
		if l.about(x) {
			return i + 1
		}
	}
	return 0
}

// lit lists lights with what was reached, what was to be, and what is lacking.
func (p *paper) lit(list []Light, d MeetingDetail) {
	t := docx.Table{Head: []string{p.say("指标"), p.say("责任主体"), p.say("亮灯"), p.say("现值"), p.say("目标"), p.say("缺口"),
		p.say("数据截至"), p.say("牵头单位"), p.say("议题")}, Widths: []int{20, 12, 7, 12, 12, 10, 11, 10, 6}}
	for _, l := range list {
		at := "—"
		if n := l.item(d); n > 0 {
			at = strconv.Itoa(n)
		}
		t.Rows = append(t.Rows, []docx.Run{l.Name, {Text: l.Subject},
			{Text: p.light(l.Colour), Href: l.Name.Href}, l.Value, l.Goal, l.Gap, l.AsOf,
			{Text: dash(l.Lead)}, {Text: at}})
	}
	p.add(docx.Block{Table: &t})
}

// number says in the material of an item what its light is about.
func (p *paper) number(l Light) {
	p.line(p.say("指标"), l.Name, docx.Run{Text: p.say("（%s）", l.Subject)})
	value := []docx.Run{l.Value}
	if l.AsOf.Href != "" {
		value = append(value, docx.Run{Text: p.say("，截至 ")}, l.AsOf)
	}
	p.line(p.say("现值"), value...)
	p.line(p.say("目标"), l.Goal)
	p.line(p.say("缺口"), l.Gap)
}
