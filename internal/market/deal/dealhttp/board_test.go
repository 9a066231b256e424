package dealhttp

import (
	"net/http/httptest"
	"testing"

	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/process"
)

// What ends an introduction is not what a card of the board offers first.
func TestBoardSteps(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/brokers/board", nil)
	may := func(step string) process.Offer { return process.Offer{Step: step, Title: step, Allowed: true} }
	for _, x := range []struct {
		offers []process.Offer
		want   []string
	}{
		{[]process.Offer{may(deal.StepRefuse), may(deal.StepRecord)}, []string{deal.StepRecord, deal.StepRefuse}},
		{[]process.Offer{may(deal.StepRefuse), {Step: deal.StepAgree}}, []string{"", deal.StepRefuse}},
		{[]process.Offer{{Step: deal.StepBreak}}, nil},
	} {
		got := boardSteps(r, x.offers)
		if len(got) != len(x.want) {
			t.Fatalf("%+v; want %v", got, x.want)
		}
		for i, o := range got {
			if o.Value != x.want[i] {
				t.Errorf("%+v; want %v", got, x.want)
			}
		}
	}
}
