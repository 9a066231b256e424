package dispatch_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/docx"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// someLights are lights that stand for those of the room that keeps targets.
type someLights []dispatch.Light

func (l someLights) Lights(
	_ context.Context, _ authz.Actor, _ dispatch.Meeting, about dispatch.About,
) ([]dispatch.Light, error) {
	if len(about.Targets) != 1 || about.Targets[0] != l[0].Target {
		return nil, fmt.Errorf("asked about %v", about)
	}
	return l, nil
}

func (l someLights) Proposals(
	context.Context, authz.Actor, dispatch.Meeting,
) ([]dispatch.Proposal, error) {
	return []dispatch.Proposal{{Key: dispatch.TargetKey("t1"), Origin: dispatch.OriginIndicator, Title: "技术合同成交额",
		Href: "/monitor/lights/t1", Colour: plan.Red}}, nil
}

// runsOf are all runs of a paper, those of its tables among them.
func runsOf(d docx.Document) []docx.Run {
	var out []docx.Run
	for _, b := range d.Blocks {
		out = append(out, b.Runs...)
		if b.Table != nil {
			for _, row := range b.Table.Rows {
				out = append(out, row...)
			}
		}
	}
	return out
}

// Each red light stands in the pack with its value, target, gap and day, each linked to what proves it:
// in a table of all, and in the material of its item.
func TestPackShowsTheNumbersOfRedLights(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		run := func(text, href string) docx.Run { return docx.Run{Text: text, Href: href} }
		lights := someLights{
			{Target: "t1", Name: run("技术合同成交额", "/monitor/lights/t1"), Subject: "太原市", Colour: plan.Red, Lead: "市科技局",
				Value: run("161.2 亿元", "/monitor/points/i1/140100/2026Q3"), Goal: run("≥228 亿元", "/targets/t1"),
				Gap: run("66.8 亿元", "/monitor/lights/t1"), AsOf: run("2026-09-30", "/monitor/points/i1/140100/2026Q3")},
			{Target: "t2", Name: run("研发经费投入强度", "/monitor/lights/t2"), Subject: "小店区",
				Value: run("未报", "/monitor/lights/t2"), Goal: run("≥3%", "/targets/t2"), Gap: run("—", ""), AsOf: run("—", "")}}
		x.Propose(lights)
		x.Watch(lights)
		m := x.meet(x.series(), "2026-12-10 09:00", "2026-12-10 11:00")
		if _, err := x.ProposeAgenda(t.Context(), officer, m.ID, m.Version); err != nil {
			t.Fatal(err)
		}
		paper, err := x.PackPaper(t.Context(), officer, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		readBack(t, paper, "指标亮灯", "技术合同成交额", "红灯", "161.2 亿元", "≥228 亿元", "66.8 亿元", "2026-09-30", "市科技局",
			"研发经费投入强度", "未报", "≥3%", "议题材料", "现值：161.2 亿元，截至 2026-09-30", "目标：≥228 亿元", "缺口：66.8 亿元")
		hrefs := map[string]string{}
		for _, r := range runsOf(paper) {
			if strings.HasSuffix(r.Text, "亿元") {
				hrefs[r.Text] += r.Href + " "
			}
		}
		for text, want := range map[string]string{"161.2 亿元": "/monitor/points/i1/140100/2026Q3 ",
			"≥228 亿元": "/targets/t1 ", "66.8 亿元": "/monitor/lights/t1 "} {
			if hrefs[text] != want+want {
				t.Errorf("%s leads to %q, want it in the table and in the item", text, hrefs[text])
			}
		}
	})
}
