package atlas

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const kindShare = "atlas.share"

// What an address with a token shows.
const (
	ShareEmbed  = "embed"  // a view in a frame of another site
	ShareScreen = "screen" // the big screen
)

// ShareKinds are what can be given away.
func ShareKinds() []Choice {
	return []Choice{{Value: ShareEmbed, Title: "嵌入页"}, {Value: ShareScreen, Title: "大屏"}}
}

// maxHosts is how many sites may frame an address.
const maxHosts = 10

// Share is an address with a token. Whoever has it sees what everybody may see, and no more: the token
// carries no rights of whoever gave it away.
type Share struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	View      string   `json:"view,omitempty"` // "" = the whole map
	Note      string   `json:"note"`           // who it is for
	Hosts     []string `json:"hosts"`          // sites that may frame it: https://www.example.cn
	EndedUs   int64    `json:"endedUs,omitempty"`
	CreatedUs int64    `json:"createdUs"`
	CreatedBy string   `json:"-"`
	Login     string   `json:"login,omitempty"`
	Version   int64    `json:"version"`
}

const shareColumns = `x.id, x.kind, x.view, x.note, x.hosts, x.ended_us, x.created_us, x.created_by, x.login,
	x.version`

var (
	qShareByHash = db.Stmt(`SELECT ` + shareColumns + ` FROM atlas_share AS x WHERE x.hash = $1
		AND x.ended_us = 0`)
	qShare    = db.Stmt(`SELECT ` + shareColumns + ` FROM atlas_share AS x WHERE x.id = $1`)
	qShareAdd = db.Stmt(`INSERT INTO atlas_share (id, kind, view, note, hash, hosts, ended_us, created_us,
		created_by, login, version) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, 1)`)
	qShareEnd = db.Stmt(`UPDATE atlas_share SET ended_us = $3, version = version + 1
		WHERE id = $1 AND version = $2 AND ended_us = 0`)
	shareList = db.Select(shareColumns, `atlas_share AS x`, db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("x.created_us"), db.TextCol("x.id")}})
)

func scanShare(r db.Row) (Share, error) {
	var x Share
	var hosts string
	err := r.Scan(&x.ID, &x.Kind, &x.View, &x.Note, &hosts, &x.EndedUs, &x.CreatedUs, &x.CreatedBy, &x.Login,
		&x.Version)
	if err != nil {
		return x, err
	}
	return x, json.Unmarshal([]byte(hosts), &x.Hosts)
}

// NewShare is the input of AddShare.
type NewShare struct {
	Kind  string   `json:"kind"`
	View  string   `json:"view,omitempty"`
	Note  string   `json:"note"`
	Hosts []string `json:"hosts,omitempty"`
	Key   string   `json:"-"`
}

// Shared is an address that was just given away. Its token is shown this once and kept nowhere.
type Shared struct {
	Share
	Token string `json:"token"`
}

// hostPattern is a site that may frame a page: a scheme and a host, as a policy of frames names it.
var hostPattern = regexp.MustCompile(
	`^https?://[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?$`)

const maxHost = 120 // bytes

// AddShare gives an address away.
func (s *Service) AddShare(ctx context.Context, by authz.Actor, in NewShare) (Shared, error) {
	if err := SharePolicy.May(by, ActShareWrite, Share{}); err != nil {
		return Shared{}, err
	}
	in.Note = occasion.Tidy(in.Note)
	hosts := []string{}
	for _, h := range in.Hosts {
		if h = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(h), "/")); h != "" &&
			!slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	var f occasion.Faults
	f.Choice("kind", in.Kind, ShareKinds())
	f.Line("note", in.Note, maxName, true)
	if len(hosts) > maxHosts {
		f.Add("hosts", "最多 %d 个站点", maxHosts)
	}
	for _, h := range hosts {
		if len(h) > maxHost || !hostPattern.MatchString(h) {
			f.Add("hosts", "站点应写作 https://www.example.cn，不带路径")
			break
		}
	}
	if in.View != "" {
		v, err := s.GetView(ctx, by, in.View)
		switch {
		case fault.Is(err, fault.NotFound):
			f.Add("view", "没有找到这个视图")
		case err != nil:
			return Shared{}, err
		case !v.Public:
			f.Add("view", "只有公开的视图可以给外站访问")
		}
	}
	if err := f.Err(); err != nil {
		return Shared{}, err
	}
	token := id.New() + id.New()
	out, again, err := unit.Once(ctx, s.unit, by, "atlas.AddShare", in.Key, in, func(tx *unit.Tx) (Shared, error) {
		shareID := id.New()
		err := db.ExecOne(ctx, tx.Tx, qShareAdd, shareID, in.Kind, in.View, in.Note, hashOf(token),
			occasion.Encode(hosts), tx.NowUs(), by.Account, by.Login)
		if err != nil {
			return Shared{}, err
		}
		tx.Audit(audit.Entry{Kind: kindShare, Object: shareID, What: "create",
			Detail: map[string]any{"kind": in.Kind, "view": in.View, "note": in.Note, "hosts": hosts}})
		x, err := db.Get(ctx, tx, qShare, scanShare, shareID)
		return Shared{Share: x}, err
	})
	if err == nil && !again {
		out.Token = token
	}
	return out, err
}

// EndShare takes an address back: it opens no more.
func (s *Service) EndShare(ctx context.Context, by authz.Actor, shareID string, version int64) error {
	if err := SharePolicy.May(by, ActShareWrite, Share{}); err != nil {
		return err
	}
	return s.unit.Write(ctx, by, "atlas.EndShare", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindShare, Object: shareID, What: "end"})
		return db.ExecOne(ctx, tx.Tx, qShareEnd, shareID, version, tx.NowUs())
	})
}

// ListShares returns a page of the addresses that were given away, the newest first.
func (s *Service) ListShares(
	ctx context.Context, by authz.Actor, p db.PageReq,
) (db.Page[Share], error) {
	if err := SharePolicy.May(by, ActShareRead, Share{}); err != nil {
		return db.Page[Share]{}, err
	}
	return db.List(ctx, s.unit.DB(), shareList, SharePolicy.Scope(by, ActShareRead), shareList.Order(""), p,
		scanShare)
}

// Opened is what an address with a token shows.
type Opened struct {
	Share
	Name  string // of the view
	Lead  string
	Query Query
}

// OpenShare returns what an address with a token shows, and for whom: visitors. One that was taken back,
// or whose view is not public any more, does not exist.
func (s *Service) OpenShare(ctx context.Context, kind, token string) (Opened, authz.Actor, error) {
	visitor := authz.Actor{Via: authz.ViaSession}
	x, found, err := db.Find(ctx, s.unit.DB(), qShareByHash, scanShare, hashOf(token))
	if err != nil {
		return Opened{}, visitor, err
	}
	if !found || token == "" || x.Kind != kind {
		return Opened{}, visitor, occasion.Absent()
	}
	o := Opened{Share: x}
	if x.View == "" {
		return o, visitor, nil
	}
	v, err := s.GetView(ctx, visitor, x.View)
	if err != nil {
		return Opened{}, visitor, err
	}
	o.Name, o.Lead = v.Name, v.Lead
	o.Query, err = Parse(v.Query, s.places)
	return o, visitor, err
}
