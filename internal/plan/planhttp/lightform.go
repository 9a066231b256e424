package planhttp

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/web"
)

// postLights adds a rule of lights.
func (h *Handler) postLights(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	v := r.PostForm
	f := ruleForm{name: v.Get("name"), source: v.Get("source"), mark: v.Get("mark"),
		from: v.Get("validFrom"), redGap: v.Get("redGap"), yellowGap: v.Get("yellowGap"),
		redLate: v.Get("redLate"), yellowLate: v.Get("yellowLate"), cycles: v.Get("yellowCycles"),
		signDays: v.Get("signDays"), answerDays: v.Get("answerDays"), key: v.Get("key")}
	in := plan.NewLightRule{Key: f.key, LightRuleData: plan.LightRuleData{Name: f.name,
		Source: f.source, Mark: f.mark, ValidFrom: clock.Date(f.from), LightParams: plan.LightParams{
			Bands: f.bands(), YellowCycles: whole(f.cycles), SignDays: whole(f.signDays),
			AnswerDays: whole(f.answerDays)}}}
	_, err := h.plan.AddLightRule(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showLights(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, pathLights, "已增加规则")
}

// bands are the stretches that the numbers of the form mean.
func (f ruleForm) bands() []plan.Band {
	var out []plan.Band
	add := func(c plan.Colour, of, above, least string) {
		a, _ := plan.ParseDecimal(above)
		b, _ := plan.ParseDecimal(least)
		if above != "" && a == "" {
			a = plan.Decimal(above) // the room says what is wrong with it
		}
		if least != "" && b == "" {
			b = plan.Decimal(least)
		}
		if a != "" || b != "" {
			out = append(out, plan.Band{Colour: c, Of: of, Above: a, Least: b})
		}
	}
	add(plan.Red, plan.FigureGap, f.redGap, "")
	add(plan.Red, plan.FigureOverdue, f.redLate, "")
	add(plan.Yellow, plan.FigureGap, "", f.yellowGap)
	add(plan.Yellow, plan.FigureOverdue, f.yellowLate, "")
	return out
}
