package apptest

import (
	"context"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/show"
)

// market publishes an achievement and a need, asks for an introduction and draws up a roadshow.
func (c *City) market(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	own := authz.Actor{Account: c.Accounts[authz.Enterprise].ID, Login: "test", Role: authz.Enterprise,
		Org: c.OwnOrg.ID, Via: authz.ViaSystem}
	publish := func(by authz.Actor, d market.PostData) market.Post {
		p, err := c.Market.CreatePost(ctx, by, market.NewPost{PostData: d, Submit: true})
		must(err)
		p, err = c.Market.FirePost(ctx, officer, market.PostStep{ID: p.ID, Step: market.StepPublish,
			Version: p.Version})
		must(err)
		return p
	}
	other := own
	other.Account, other.Role, other.Org = "other", authz.University, c.OtherOrg.ID
	c.Achievement = publish(other, market.PostData{Kind: market.Achievement, Org: c.OtherOrg.ID,
		Title: "石墨烯改性导热膜制备技术", Text: "面内导热系数不低于 1500 W/(m·K)，厚度 25 微米。", Region: "140106",
		Field: "05", Modes: []string{"licence"}, TRL: 6, Visibility: market.Open,
		AchievementData: market.AchievementData{ResultKind: "applied", Pricing: "listing"}})
	c.Need = publish(own, market.PostData{Kind: market.Need, Org: c.OwnOrg.ID,
		Title: "寻求高导热石墨膜", Text: "面内导热系数不低于 1200 W/(m·K)。", Region: "140105", Field: "05",
		Modes: []string{"licence"}, Deadline: "2099-12-31", Visibility: market.Open,
		Contact: "王小明", ContactPhone: "13800001234",
		NeedData: market.NeedData{NeedKind: "result"}})
	var err error
	c.Introduction, err = c.Deal.CreateDeal(ctx, own, deal.NewDeal{Post: c.Need.ID,
		With: c.Achievement.ID, Message: "希望了解样品与报价。",
		Contact: deal.Contact{Name: "王小明", Phone: "13800001234"}})
	must(err)
	day := clock.Us(c.Clock.Now().AddDate(0, 1, 0))
	const hour = int64(time.Hour / time.Microsecond)
	c.Roadshow, err = c.Shows.CreateShow(ctx, officer, show.NewShow{Data: show.Data{Kind: show.Kinds()[0].Value,
		Title: "新材料专场路演", Place: "科技大市场一层", Region: "140105", Org: c.OtherOrg.ID, StartsUs: day,
		EndsUs: day + 3*hour, SignupUntilUs: day - 48*hour, Capacity: 60}})
	must(err)
}
