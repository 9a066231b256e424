package dispatch

import (
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/plan"
)

// A red number and the task it opened are one item, whichever is proposed first, with the reasons of both
// and the more urgent origin; a number without a task stays one of its own.
func TestMergeNumberAndTask(t *testing.T) {
	t.Parallel()
	note := func(s string) []plan.Note { return []plan.Note{{Key: s}} }
	task := Proposal{Key: taskKey("k"), Origin: OriginOverdue, Title: "红灯督办", Href: "/tasks/k", DueUs: 5,
		Reasons: note("时限已过")}
	number := Proposal{Key: TargetKey("t"), Origin: OriginIndicator, Title: "技术合同成交额",
		Href: "/monitor/lights/t", Reasons: note("落后"), Colour: plan.Red}.OfTask("k")
	alone := Proposal{Key: TargetKey("u"), Origin: OriginIndicator, Title: "高新技术企业", Href: "/monitor/lights/u"}
	for _, list := range [][]Proposal{{task, number, alone}, {number, alone, task}} {
		out := merge(list)
		if len(out) != 2 || out[1].Key != alone.Key {
			t.Fatalf("%d items: %+v", len(out), out)
		}
		x := out[0]
		if x.Key != taskKey("k") || !slices.Contains(x.Also, TargetKey("t")) || len(x.Reasons) != 2 ||
			x.Colour != plan.Red || urgency[x.Origin] != min(urgency[OriginOverdue], urgency[OriginIndicator]) {
			t.Errorf("%+v", x)
		}
	}
	// An item of an agenda of before, about the number alone, is the same thing.
	if !slices.Contains(merge([]Proposal{number})[0].keys(), TargetKey("t")) {
		t.Error("the item of before is not found")
	}
}
