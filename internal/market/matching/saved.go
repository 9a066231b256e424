package matching

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Limits of saved searches.
const (
	MaxSaved     = 20 // of an account
	MaxSavedName = 40 // characters
)

// How often the results of a saved search are told.
const (
	NoticeNone   = "none"
	NoticeDaily  = "daily"
	NoticeWeekly = "weekly"
)

// Saved is a search that somebody keeps, with how often what is new is told.
type Saved struct {
	ID        string            `json:"id"`
	Account   string            `json:"-"`
	Role      authz.Role        `json:"role"`
	Org       string            `json:"org,omitempty"`
	Name      string            `json:"name"`
	Query     string            `json:"query"`
	Filter    market.PostFilter `json:"filter"`
	Notice    string            `json:"notice"`
	LookedUs  int64             `json:"lookedUs,omitempty"`
	CreatedUs int64             `json:"createdUs"`
	Version   int64             `json:"version"`
}

// Address is the page of what it finds: the list of the market with the words and the whole filter.
func (x Saved) Address() string {
	f, v := x.Filter, url.Values{}
	for name, value := range map[string]string{"q": x.Query, "kind": string(f.Kind), "field": f.Field,
		"region": string(f.Region), "type": f.Sort, "mode": f.Mode, "sixNew": f.SixNew, "org": f.Org,
		"trl": span(int64(f.TRLFrom), int64(f.TRLTo)), "state": f.State,
		"price": span(int64(f.PriceLoFen/wanFen), int64((f.PriceHiFen+wanFen-1)/wanFen))} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if f.State == "" && !f.Live {
		v.Set("state", "all")
	}
	if f.Fresh {
		v.Set("fresh", "1")
	} else if f.Due {
		v.Set("fresh", "due")
	}
	return "/market?" + v.Encode()
}

const wanFen = 1_000_000 // 1 万元, in which the address of the list counts

// span writes from and to as the address of the list does: 4-6, an end left out for 0.
func span(from, to int64) string {
	if from == 0 && to == 0 {
		return ""
	}
	end := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return end(from) + "-" + end(to)
}

const savedCols = `s.id, s.account, s.role, s.org, s.name, s.query, s.filter, s.notice, s.looked_us,
	s.created_us, s.version`

func scanSaved(r db.Row) (Saved, error) {
	var x Saved
	var filter string
	err := r.Scan(&x.ID, &x.Account, &x.Role, &x.Org, &x.Name, &x.Query, &filter, &x.Notice, &x.LookedUs,
		&x.CreatedUs, &x.Version)
	if err == nil {
		err = json.Unmarshal([]byte(filter), &x.Filter)
	}
	return x, err
}

var savedList = db.Select(savedCols, `matching_saved AS s`, db.Order{Name: "name",
	Cols: []db.Col{db.TextCol("s.name"), db.TextCol("s.id")}})

var (
	qSaved      = db.Stmt(`SELECT ` + savedCols + ` FROM matching_saved AS s WHERE s.id = $1`)
	qSavedCount = db.Stmt(`SELECT COUNT(*) FROM matching_saved AS s WHERE s.account = $1`)
	qSavedAdd   = db.Stmt(`INSERT INTO matching_saved (id, account, role, org, name, query, filter,
		notice, looked_us, created_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, 1)`)
	qSavedNotice = db.Stmt(`UPDATE matching_saved SET notice = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qSavedDrop     = db.Stmt(`DELETE FROM matching_saved WHERE id = $1`)
	qSavedPostDrop = db.Stmt(`DELETE FROM matching_saved_post WHERE saved = $1`)
	qSavedDue      = db.Stmt(`SELECT ` + savedCols + ` FROM matching_saved AS s
		WHERE s.notice IN ('daily', $1) AND s.id > $2 ORDER BY s.id LIMIT $3`)
	qSavedPostAdd = db.Stmt(`INSERT INTO matching_saved_post (saved, post) VALUES ($1, $2)
		ON CONFLICT (saved, post) DO NOTHING`)
	qSavedLooked = db.Stmt(`UPDATE matching_saved SET looked_us = $2, version = version + 1
		WHERE id = $1`)
)

// SavedInput is the input of SaveSearch.
type SavedInput struct {
	Name   string            `json:"name"`
	Query  string            `json:"query"`
	Filter market.PostFilter `json:"filter"`
	Notice string            `json:"notice"`
}

func (in *SavedInput) check(known func(region.Code) bool) error {
	in.Name, in.Query = strings.TrimSpace(in.Name), strings.TrimSpace(in.Query)
	in.Filter.Query = ""
	var f []fault.Field
	if n := utf8.RuneCountInString(in.Name); n == 0 || n > MaxSavedName {
		f = append(f, fault.At("name", "名称为 1 到 %d 字", MaxSavedName))
	}
	if n := utf8.RuneCountInString(in.Query); n > MaxQuery {
		f = append(f, fault.At("query", "检索词请不超过 %d 字", MaxQuery))
	} else if rest := in.Filter; n == 0 {
		if rest.Live = false; rest == (market.PostFilter{}) {
			f = append(f, fault.At("query", "请填写检索词，或者选择筛选条件"))
		}
	}
	// The list has no such filter, and the page of what was found could not be opened.
	for field, value := range map[string]string{"broker": in.Filter.Broker, "chain": in.Filter.Chain,
		"visibility": string(in.Filter.Visibility)} {
		if value != "" {
			f = append(f, fault.At("filter."+field, "这个条件不能保存"))
		}
	}
	f = append(f, in.Filter.Check("filter.", known)...)
	f = append(f, checkNotice(in.Notice)...)
	return fault.Fields(f...)
}

func checkNotice(notice string) []fault.Field {
	if notice != NoticeNone && notice != NoticeDaily && notice != NoticeWeekly {
		return []fault.Field{fault.At("notice", "请选择提醒频率")}
	}
	return nil
}

// SaveSearch keeps a search of the actor under a name, of words, of a filter or of both. What it finds
// now is known; from then on only what is new is told: what was first shown since.
func (s *Service) SaveSearch(ctx context.Context, by authz.Actor, in SavedInput) (Saved, error) {
	if err := SavedPolicy.May(by, ActSavedSave, Saved{Account: by.Account}); err != nil {
		return Saved{}, err
	}
	if err := in.check(s.opt.Places); err != nil {
		return Saved{}, err
	}
	filter, err := json.Marshal(in.Filter)
	if err != nil {
		return Saved{}, err
	}
	now, err := s.shownSince(ctx, by, in.Query, in.Filter, s.nowUs()-overlapUs, mostKnown)
	if err != nil {
		return Saved{}, err
	}
	savedID := id.New()
	err = s.unit.Write(ctx, by, "matching.SaveSearch", func(tx *unit.Tx) error {
		n, err := db.Get(ctx, tx.Tx, qSavedCount, db.One[int64], by.Account)
		if err != nil {
			return err
		}
		if n >= MaxSaved {
			return fault.New(fault.Conflict, "最多保存 %d 个检索，请先删除不用的", MaxSaved)
		}
		tx.Audit(audit.Entry{Kind: "matching.saved", Object: savedID, What: "save", Detail: in})
		err = db.ExecOne(ctx, tx.Tx, qSavedAdd, savedID, by.Account, string(by.EffectiveRole()), by.Org,
			in.Name, in.Query, string(filter), in.Notice, tx.NowUs())
		if fault.Is(err, fault.Conflict) {
			return fault.Fields(fault.At("name", "已有同名的检索"))
		}
		if err != nil {
			return err
		}
		_, err = noteSaved(ctx, tx.Tx, savedID, now, tx.NowUs())
		return err
	})
	if err != nil {
		return Saved{}, err
	}
	return db.Get(ctx, s.db, qSaved, scanSaved, savedID)
}

// overlapUs is from how long before the last look on posts are looked at again: they are stored a moment
// after the time they bear. What was told is noted and not told again.
const overlapUs = int64(time.Hour / time.Microsecond)

// mostKnown is how many posts of that time are noted when a search is saved: an import may have brought
// more than a search finds.
const mostKnown = 5000

// shownSince returns the ids of what a search finds among the posts that were first shown since a moment,
// so many at most. It looks at these alone, so that an old post that moves up among the best is not new.
func (s *Service) shownSince(
	ctx context.Context, by authz.Actor, query string, f market.PostFilter, sinceUs int64, most int,
) ([]string, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	now := s.nowUs()
	fresh := func(x *facts) bool { return x.Published >= sinceUs && keeps(&f, x, now) }
	if query == "" {
		return s.listed(ctx, by, fresh, most)
	}
	all := s.asks(by, query, f)
	all.top = 1
	best, err := s.find(ctx, &all)
	if err != nil || len(best) == 0 {
		return nil, err
	}
	q := s.asks(by, query, f)
	q.keep, q.top = fresh, most
	found, err := s.find(ctx, &q)
	var out []string
	for i := range found {
		if found[i].enough() && found[i].Score >= leastOfBest*best[0].Score {
			out = append(out, found[i].ID)
		}
	}
	return out, err
}

// listed returns the ids of the posts that an actor may read and that pass, the latest first.
func (s *Service) listed(
	ctx context.Context, by authz.Actor, passes func(*facts) bool, most int,
) ([]string, error) {
	x := s.index()
	c, err := x.closet(ctx, by)
	if err != nil {
		return nil, err
	}
	var found []*facts
	seen := map[string]bool{}
	take := func(on *shelf) {
		for _, f := range on.view().parts[partAll].facts {
			if f != nil && !seen[f.ID] && passes(f) {
				seen[f.ID] = true
				found = append(found, f)
			}
		}
	}
	if c != nil {
		take(c.shelf)
	}
	if mayCommon(by) {
		take(x.common)
	}
	slices.SortFunc(found, func(a, b *facts) int {
		return cmp.Or(cmp.Compare(b.Published, a.Published), strings.Compare(a.ID, b.ID))
	})
	var out []string
	for _, f := range found[:min(len(found), most)] {
		out = append(out, f.ID)
	}
	return out, nil
}

// noteSaved notes what a search has found and returns what of it is new.
func noteSaved(
	ctx context.Context, tx *db.Tx, savedID string, posts []string, nowUs int64,
) ([]string, error) {
	var fresh []string
	for _, p := range posts {
		n, err := db.Exec(ctx, tx, qSavedPostAdd, savedID, p)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			fresh = append(fresh, p)
		}
	}
	return fresh, db.ExecOne(ctx, tx, qSavedLooked, savedID, nowUs)
}

// ListSaved returns the actor's saved searches. There are at most MaxSaved.
func (s *Service) ListSaved(ctx context.Context, by authz.Actor) ([]Saved, error) {
	page, err := db.List(ctx, s.db, savedList, SavedPolicy.Scope(by, ActSavedRead), savedList.Order(""),
		db.PageReq{Limit: MaxSaved}, scanSaved)
	return page.Items, err
}

func (s *Service) saved(
	ctx context.Context, by authz.Actor, act authz.Action, savedID string,
) (Saved, error) {
	x, err := db.Get(ctx, s.db, qSaved, scanSaved, savedID)
	if err == nil {
		err = SavedPolicy.May(by, act, x)
	}
	return x, err
}

// SetNotice says how often what is new of a saved search is told.
func (s *Service) SetNotice(
	ctx context.Context, by authz.Actor, savedID, notice string, version int64,
) error {
	if _, err := s.saved(ctx, by, ActSavedSave, savedID); err != nil {
		return err
	}
	if err := fault.Fields(checkNotice(notice)...); err != nil {
		return err
	}
	return s.unit.Write(ctx, by, "matching.SetNotice", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "matching.saved", Object: savedID, What: "notice", Detail: notice})
		return db.ExecOne(ctx, tx.Tx, qSavedNotice, savedID, version, notice)
	})
}

// DropSaved forgets a saved search of the actor.
func (s *Service) DropSaved(ctx context.Context, by authz.Actor, savedID string) error {
	x, err := s.saved(ctx, by, ActSavedDelete, savedID)
	if err != nil {
		return err
	}
	return s.unit.Write(ctx, by, "matching.DropSaved", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "matching.saved", Object: savedID, What: "drop", Detail: x})
		if _, err := db.Exec(ctx, tx.Tx, qSavedPostDrop, savedID); err != nil {
			return err
		}
		return db.ExecOne(ctx, tx.Tx, qSavedDrop, savedID)
	})
}

// savedAtOnce is how many saved searches are read at a time.
const savedAtOnce = 100

// LookForSaved looks what saved searches find that is new, tells those who keep them, and returns
// how many were told. A daily job calls it; those told weekly are looked for on Mondays.
func (s *Service) LookForSaved(ctx context.Context) (int, error) {
	weekly := NoticeDaily
	if s.unit.Clock().Now().In(clock.Shanghai).Weekday() == time.Monday {
		weekly = NoticeWeekly
	}
	if err := s.CatchUp(ctx); err != nil {
		return 0, err
	}
	told := 0
	for after := ""; ; {
		list, err := db.All(ctx, s.db, qSavedDue, scanSaved, weekly, after, int64(savedAtOnce))
		if err != nil || len(list) == 0 {
			return told, err
		}
		for _, x := range list {
			after = x.ID
			ok, err := s.lookFor(ctx, x)
			if err != nil {
				return told, fmt.Errorf("saved search %s: %w", x.ID, err)
			}
			if ok {
				told++
			}
		}
	}
}

// lookFor searches as somebody who holds the role still; the others find nothing.
func (s *Service) lookFor(ctx context.Context, x Saved) (bool, error) {
	by, ok, err := s.actorOf(ctx, x)
	if err != nil || !ok {
		return false, err
	}
	since := max(x.CreatedUs, x.LookedUs) - overlapUs
	found, err := s.shownSince(ctx, by, x.Query, x.Filter, since, MaxHits)
	if err != nil {
		return false, err
	}
	told := false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now := s.nowUs()
		fresh, err := noteSaved(ctx, tx, x.ID, found, now)
		if told = err == nil && len(fresh) > 0 && s.opt.Notify != nil; !told {
			return err
		}
		return s.opt.Notify.TellAt(ctx, tx, now, notify.Notice{To: []notify.To{notify.ToAccount(x.Account)},
			Kind: KindSaved, Title: notify.Text{Key: "保存的检索“%s”有 %d 条新结果", Args: []any{x.Name, len(fresh)}},
			Href: x.Address()})
	})
	return told, err
}

// actorOf is who keeps a saved search, as long as the role is held.
func (s *Service) actorOf(ctx context.Context, x Saved) (authz.Actor, bool, error) {
	if s.opt.Accounts == nil || x.Role == authz.Public {
		return authz.Actor{Account: x.Account, Role: authz.Public, Via: authz.ViaJob}, true, nil
	}
	return s.opt.Accounts.ActorOf(ctx, s.db, x.Account, x.Role, x.Org)
}
