package party

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
)

// TimelineEntry is one thing that happened to a record.
type TimelineEntry struct {
	Seq     int64            `json:"seq"` // number in the audit trail
	AtUs    int64            `json:"atUs"`
	Account string           `json:"account"`
	Login   string           `json:"login"` // "" = the system
	Role    authz.Role       `json:"role"`
	Via     authz.Via        `json:"via"`
	What    string           `json:"what"`  // "create", "update", a step
	Title   string           `json:"title"` // of What, a key of package i18n
	Reason  string           `json:"reason,omitempty"`
	Changes []TimelineChange `json:"changes,omitempty"`
	// Object is the record it happened to: another than the one asked for when that was merged in.
	Object string `json:"object"`
	Name   string `json:"name,omitempty"` // of that other record
}

// TimelineChange is a field before and after, in words. Values of closed lists are keys of package
// i18n, Keys says so. Personal data is named without its value.
type TimelineChange struct {
	Field string `json:"field"`
	Title string `json:"title"` // key of package i18n
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
	Keys  bool   `json:"keys,omitempty"`
}

// happenings are the names of what happens to records besides the steps of their processes.
var happenings = map[string]string{
	"create": "登记", "update": "修改", "merge": "合并", "split": "拆分", "alias-add": "添加其他名称",
	"alias-remove": "删除其他名称", "import-create": "批量导入", "adopt": "自其他系统转入", "import-update": "批量导入更新",
	"overdue": "办理超期", "reveal": "查看完整信息", "member-add": "添加任职", "member-end": "结束任职",
	"archive": "归档", "restore": "恢复",
}

func happening(what string) string {
	if t := happenings[what]; t != "" {
		return t
	}
	for _, s := range OrgProcess.Def().Steps {
		if s.Name == what {
			return s.Title
		}
	}
	return what
}

var qFamilyNames = db.Stmt(familyOf + `SELECT o.id, o.name FROM family
	JOIN org AS o ON o.id = family.id`)

// Timeline returns what happened to a record and to those that were merged into it, newest first.
// Who may see the history: ActOrgHistory.
func (s *Service) Timeline(
	ctx context.Context, by authz.Actor, orgID string, p db.PageReq,
) (db.Page[TimelineEntry], error) {
	var none db.Page[TimelineEntry]
	q := s.unit.DB()
	o, err := s.living(ctx, by, orgID)
	if err != nil {
		return none, err
	}
	if err := OrgPolicy.May(by, ActOrgHistory, o); err != nil {
		return none, err
	}
	family, err := db.All(ctx, q, qFamilyNames, scanNamed, o.ID)
	if err != nil {
		return none, err
	}
	names, ids := map[string]string{}, []any{}
	for _, f := range family {
		ids = append(ids, f.org)
		if f.org != o.ID {
			names[f.org] = f.key
		}
	}
	w := db.Where{}.And("kind = 'party.org'").In("object", ids...)
	return s.history(ctx, w, p, names)
}

// history reads the audit trail and puts it into words.
func (s *Service) history(
	ctx context.Context, w db.Where, p db.PageReq, names map[string]string,
) (db.Page[TimelineEntry], error) {
	page, err := db.List(ctx, s.unit.DB(), audit.Entries, w, audit.Entries.Order("newest"), p,
		scanRecord)
	out := db.Page[TimelineEntry]{Next: page.Next, Prev: page.Prev}
	for _, r := range page.Items {
		e := TimelineEntry{Seq: r.Seq, AtUs: r.AtUs, Account: r.Account, Login: r.Login,
			Role: authz.Role(r.Role), Via: authz.Via(r.Via), What: r.What, Title: happening(r.What),
			Reason: r.Reason, Object: r.Object, Name: names[r.Object]}
		var changes []FieldChange
		if json.Unmarshal([]byte(r.Detail), &changes) == nil { // other details are no changes
			for _, c := range changes {
				e.Changes = append(e.Changes, s.inWords(ctx, c))
			}
		}
		out.Items = append(out.Items, e)
	}
	return out, err
}

func scanRecord(r db.Row) (audit.Record, error) {
	var x audit.Record
	err := r.Scan(&x.Seq, &x.AtUs, &x.Account, &x.Login, &x.Role, &x.Via, &x.Request, &x.UseCase,
		&x.Kind, &x.Object, &x.What, &x.Reason, &x.Detail, &x.Algo, &x.Hash)
	return x, err
}

// inWords replaces codes by what they stand for.
func (s *Service) inWords(ctx context.Context, c FieldChange) TimelineChange {
	out := TimelineChange{Field: c.Field, Title: FieldTitle(c.Field), Old: c.Old, New: c.New}
	if out.Title == "" {
		out.Title = PersonFieldTitle(c.Field)
	}
	say := func(words func(string) string) {
		for _, v := range []*string{&out.Old, &out.New} {
			if w := words(*v); *v != "" && w != "" {
				*v = w
			}
		}
	}
	switch c.Field {
	case "kind":
		out.Keys = true
		say(OrgKindTitle)
	case "standing":
		out.Keys = true
		say(StandingTitle)
	case "region":
		say(s.codes.RegionName)
	case "industry":
		say(s.codes.IndustryName)
	case "capitalFen":
		say(func(v string) string {
			var f money.Fen
			if json.Unmarshal([]byte(v), &f) != nil {
				return ""
			}
			return i18n.Yuan(i18n.From(ctx), f)
		})
	}
	return out
}

// living returns the record that lives under an id now, if the actor may read it.
func (s *Service) living(ctx context.Context, by authz.Actor, orgID string) (Org, error) {
	living, err := db.Get(ctx, s.unit.DB(), qOrgLiving, db.One[string], orgID)
	if err != nil {
		return Org{}, err
	}
	o, err := orgByID(ctx, s.unit.DB(), living)
	if err != nil {
		return Org{}, err
	}
	return o, seen(by, o)
}
