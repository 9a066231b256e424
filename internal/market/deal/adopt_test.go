package deal

import (
	"encoding/json"
	"testing"

	"github.com/yuntu-city/yuntu/internal/outbox"
)

// The matcher is told where an introduction stands that is taken over and joins two posts.
func TestAdoptedTellsOfThePair(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		_, err := x.AdoptDeals(t.Context(), x.officer, []Adopted{
			{Demand: x.need, Supply: x.result, State: Refused, Class: "parameters", AskedBy: Demand},
			{DemandOrg: x.firm.Org, Supply: x.result, State: Talking, AskedBy: Demand},
		}, "旧平台的对接")
		x.ok(err)
		told, empty := []Adoption{}, 0
		x.ok(x.events(func(e outbox.Stored) {
			var a Adoption
			switch {
			case e.Kind != EventDealAdopted:
			case json.Unmarshal(e.Data, &a) == nil && a != (Adoption{}):
				told = append(told, a)
			default:
				empty++
			}
		}))
		want := Adoption{State: Refused, Class: "parameters", Demand: x.need, Supply: x.result}
		if len(told) != 1 || told[0] != want || empty != 1 {
			t.Errorf("told %+v and %d without a pair; want %+v and one", told, empty, want)
		}
	})
}
