package matching_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// lab is a market of posts that were written past the room of posts, with its index.
type lab struct {
	t      testing.TB
	db     *db.DB
	clock  *clock.Fake
	unit   *unit.Unit
	market *market.Service
	s      *matching.Service
	dir    string
}

var (
	qPost = db.Stmt(`INSERT INTO market_post (id, kind, code, title, text, org, org_now, org_name,
			region, field, chain, six_new, sort, price_lo_fen, price_hi_fen, trl, deadline, visibility,
			broker, detail, state, published_us, confirmed_us, fresh_us, source, created_us,
			created_by, updated_us, version)
		VALUES ($1, $2, $1, $3, $4, $5, $5, $6, $7, $8, '', '', '', $9, $10, $11, '', $12, $16, $13, $14,
			$15, 1, 1, 'demo', 1, 'a0', $15, 1)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, text = excluded.text,
			state = excluded.state, visibility = excluded.visibility, updated_us = excluded.updated_us,
			version = market_post.version + 1`)
	qName    = db.Stmt(`INSERT INTO market_named (post, org, org_now) VALUES ($1, $2, $2)`)
	qUnname  = db.Stmt(`DELETE FROM market_named WHERE post = $1`)
	qMayRead = db.Stmt(`INSERT INTO market_reader (post, org, org_now, given_us) VALUES ($1, $2, $2, 1)`)
	qForget  = db.Stmt(`DELETE FROM market_post WHERE id = $1`)
)

func newLab(t testing.TB, d *db.DB) *lab {
	t.Helper()
	c := clock.NewFake(dbtest.Start)
	u := dbtest.UnitAt(t, d, c)
	m, err := market.New(u, process.Times{Calendar: clock.Published(), Service: process.OfficeHours()},
		market.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{t: t, db: d, clock: c, unit: u, market: m, dir: t.TempDir()}
	l.s = l.open("")
	return l
}

// open starts the room anew, with snapshots in a folder or without.
func (l *lab) open(dir string) *matching.Service {
	l.t.Helper()
	s := matching.New(l.unit, matching.Options{Market: l.market, Dir: dir})
	if err := s.Prepare(context.Background()); err != nil {
		l.t.Fatal(err)
	}
	return s
}

// put stores posts and tells of them.
func (l *lab) put(posts ...market.Post) {
	l.t.Helper()
	ctx := context.Background()
	err := l.unit.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "lab.put", func(tx *unit.Tx) error {
		for _, p := range posts {
			detail, err := json.Marshal(map[string]any{"keywords": p.Keywords, "modes": p.Modes,
				"parameters": p.Parameters, "named": p.Named, "rights": p.Rights})
			if err != nil {
				return err
			}
			err = db.ExecOne(ctx, tx.Tx, qPost, p.ID, string(p.Kind), p.Title, p.Text, p.Org, p.OrgName,
				string(p.Region), p.Field, int64(p.PriceLoFen), int64(p.PriceHiFen), int64(p.TRL),
				string(p.Visibility), string(detail), p.State, tx.NowUs(), p.Broker)
			if err != nil {
				return err
			}
			if _, err := db.Exec(ctx, tx.Tx, qUnname, p.ID); err != nil {
				return err
			}
			for _, org := range p.Named {
				if err := db.ExecOne(ctx, tx.Tx, qName, p.ID, org); err != nil {
					return err
				}
			}
			tx.Emit(outbox.Event{Kind: market.EventPostUpdated, Object: p.ID})
		}
		tx.Audit(audit.Entry{Kind: "lab"})
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// letRead lets an organisation read a post that is shown by request, as its owner does.
func (l *lab) letRead(postID, org string) {
	l.t.Helper()
	ctx := context.Background()
	err := l.unit.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "lab.letRead", func(tx *unit.Tx) error {
		tx.Emit(outbox.Event{Kind: market.EventPostUpdated, Object: postID})
		tx.Audit(audit.Entry{Kind: "lab"})
		return db.ExecOne(ctx, tx.Tx, qMayRead, postID, org)
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// forget takes posts out of the database, as if they had never been.
func (l *lab) forget(ids ...string) {
	l.t.Helper()
	ctx := context.Background()
	err := l.unit.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "lab.forget", func(tx *unit.Tx) error {
		for _, id := range ids {
			if _, err := db.Exec(ctx, tx.Tx, qForget, id); err != nil {
				return err
			}
			tx.Emit(outbox.Event{Kind: market.EventPostUpdated, Object: id})
		}
		tx.Audit(audit.Entry{Kind: "lab"})
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) catchUp() {
	l.t.Helper()
	if err := l.s.CatchUp(context.Background()); err != nil {
		l.t.Fatal(err)
	}
}

// need and offer make open posts in the market.
func need(id, title, text string) market.Post { return post(market.Need, id, title, text) }

func offer(id, title, text string) market.Post { return post(market.Achievement, id, title, text) }

func post(k market.Kind, id, title, text string) market.Post {
	return market.Post{ID: id, State: market.Published, OrgName: "太原某单位" + id, PostData: market.PostData{
		Kind: k, Title: title, Text: text, Org: "org-" + id, Region: "140105", Field: "05",
		Visibility: market.Open}}
}

// things are subjects that texts of the lab speak of.
var things = []string{"锂电池正极材料", "镁合金压铸件", "煤矸石制备陶粒", "工业废水脱氮", "钢轨探伤机器人",
	"碳纤维缠绕气瓶", "高压氢气压缩机", "甲醇制氢催化剂", "光伏组件清洗", "不锈钢精密带钢", "中药提取浓缩",
	"大豆蛋白肽", "矿用本安型传感器", "轴承故障诊断", "石墨烯导热膜", "智能巡检无人机"}

var sayings = []string{"寿命达到%d小时", "能耗降低%d%%", "堆积密度≥%d千克/立方米", "处理量%d吨/天", "合格率%d%%",
	"现场已运行%d个月", "成本下降%d万元"}

// some makes n posts of both kinds, the same for the same seed.
func some(prefix string, seed, n int) []market.Post {
	var out []market.Post
	for i := range n {
		x := seed*7919 + i*104729
		thing, other := things[x%len(things)], things[(x/7)%len(things)]
		said := fmt.Sprintf(sayings[x%len(sayings)], 1+x%97) + "，" + fmt.Sprintf(sayings[(x/3)%len(sayings)], 1+x%89)
		id := fmt.Sprintf("%s%04d", prefix, i)
		if i%2 == 0 {
			p := need(id, "求"+thing+"的解决办法", "我公司在生产中需要"+thing+"，也关心"+other+"，要求"+said+"。")
			p.TRL, p.PriceHiFen = 5+x%4, 100_000_00
			out = append(out, p)
		} else {
			p := offer(id, thing+"技术", "本成果用于"+thing+"，与"+other+"配合，"+said+"。")
			p.TRL, p.PriceLoFen = 3+x%6, 50_000_00
			out = append(out, p)
		}
	}
	return out
}
