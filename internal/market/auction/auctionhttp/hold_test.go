package auctionhttp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/money"
)

func (h *house) withdraw(t *testing.T, postID string) error {
	t.Helper()
	by := authz.Actor{Account: "acc-seller", Login: "seller", Org: h.seller, Role: authz.University,
		Via: authz.ViaSession}
	p, err := h.market.GetPost(t.Context(), by, postID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.market.FirePost(t.Context(), by, market.PostStep{ID: postID, Step: market.StepWithdraw,
		Version: p.Version, Reason: "另有安排"})
	return err
}

// The owner cannot withdraw what is bid for, is told why and what to do, and can once the bureau has
// ended the trade.
func TestWithdrawWhileTraded(t *testing.T) {
	h := newHouse(t)
	record := h.open("english", firm(h.org("甲公司", "enterprise")))
	d, err := h.auction.GetAuction(t.Context(), officer, strings.TrimPrefix(record, "/auctions/"))
	if err != nil {
		t.Fatal(err)
	}
	err = h.withdraw(t, d.Post)
	if said := i18n.Error(i18n.ZH, err); !fault.Is(err, fault.Conflict) || !strings.Contains(said, d.Code) ||
		!strings.Contains(said, "取消或终结") {
		t.Fatalf("withdrawn: %v", err)
	}
	h.sent(officer, record+"/step", "do", "cancel", "reason", "转让方申请停止", "version", "3")
	h.want(visitor, record, 200, "不算任何一方违约")
	if err := h.withdraw(t, d.Post); err != nil {
		t.Fatal(err)
	}
}

// Of a notice and a withdrawal that arrive together exactly one is taken.
func TestWithdrawAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouseOn(t, d)
		for range 5 {
			opens := h.clock.Now().AddDate(0, 0, 30)
			x, err := h.auction.CreateAuction(t.Context(), officer, auction.NewItem{Data: auction.Data{Post: h.post(),
				Mode: auction.English, StartFen: money.Fen(money.Wan), IncrementFen: money.Fen(money.Wan),
				OpensUs: clock.Us(opens), EndsUs: clock.Us(opens.Add(2 * time.Hour))}})
			if err != nil {
				t.Fatal(err)
			}
			announced := make(chan error, 1)
			go func() {
				_, err := h.auction.FireAuction(t.Context(), officer, auction.Step{ID: x.ID, Step: "announce",
					Version: x.Version})
				announced <- err
			}()
			left := h.withdraw(t, x.Post)
			if err := <-announced; (err == nil) == (left == nil) {
				t.Errorf("announced: %v, withdrawn: %v", err, left)
			}
		}
	})
}
