package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Addresses the shell links or posts to. The web server must serve them.
const (
	PathHome    = "/"
	PathFind    = "/find"
	PathPrefs   = "/prefs"   // POST size|theme|lang and back
	PathRole    = "/role"    // POST role and back
	PathLogin   = "/login"   // GET ?back=
	PathLogout  = "/logout"  // POST
	PathAccount = "/account" // GET
	PathNotices = "/inbox"   // GET
	PathAssets  = "/assets/" // GET, content-hashed names
)

// Theme is the colour scheme a person chose.
type Theme string

// The themes. The zero value counts as Auto.
const (
	ThemeAuto  Theme = "auto" // follows the system
	ThemeLight Theme = "light"
	ThemeDark  Theme = "dark"
)

// ParseTheme returns the theme for a cookie or form value, Auto for anything unknown.
func ParseTheme(s string) Theme {
	switch t := Theme(s); t {
	case ThemeLight, ThemeDark:
		return t
	}
	return ThemeAuto
}

// Size is the text size a person chose (适老化, 关怀版): 16, 20 or 30 px for body text.
type Size string

// The sizes. The zero value counts as Normal.
const (
	SizeNormal Size = "normal"
	SizeLarge  Size = "large"
	SizeXLarge Size = "xlarge"
)

// ParseSize returns the size for a cookie or form value, Normal for anything unknown.
func ParseSize(s string) Size {
	switch z := Size(s); z {
	case SizeLarge, SizeXLarge:
		return z
	}
	return SizeNormal
}

// Surface is the kind of frame a page stands in.
type Surface string

// The surfaces.
const (
	Public Surface = "public" // main navigation on top
	Staff  Surface = "staff"  // side navigation, denser rows
	Bare   Surface = "bare"   // brand and footer only: log-in, errors before a session exists
	Screen Surface = "screen" // the big screen: PlainShell
	Embed  Surface = "embed"  // a page in a frame of another site: PlainShell
)

// Page is all that the shell shows around the content of one page. Texts are display-ready: they
// are already in the language of the page.
type Page struct {
	Title     string // for <title>; the page's own h1 comes from PageHead
	Lead      string // for <meta name=description> of public pages
	Feed      string // address of the Atom feed of a public list, "" = none
	Lang      i18n.Lang
	Theme     Theme
	Size      Size
	Surface   Surface
	Path      string // path of the request
	URL       string // path and query of the request: where a preference form returns to
	Origin    string // scheme and host for hreflang links, "" = none (pages behind log-in)
	Nav       []NavItem
	Side      []NavGroup
	User      User
	Crumbs    []Link // last one without Href is the page itself
	Site      Site
	Toast     string // one message after a redirect, shown once
	Notice    *Notice
	Tour      *Tour  // step of the first-run tour, nil = none
	SearchURL string // Ctrl/⌘K goes here when the page has no search box itself
	RequestID string // shown in the footer of staff pages
	Refresh   int    // seconds until a page without JavaScript reloads itself, 0 = never
}

// Notice is a message across the whole page: maintenance, impersonation, offline mode.
type Notice struct {
	Tone Tone
	Text string
}

// Link is a text with an address. Current marks the page itself.
type Link struct {
	Text    string
	Href    string
	Current bool
	Note    string // small grey text after it
}

// NavItem is one entry of a navigation.
type NavItem struct {
	Text  string
	Href  string
	Count int // open items, shown as a number when > 0
}

// NavGroup is a titled part of the side navigation; Title may be "".
type NavGroup struct {
	Title string
	Items []NavItem
}

// has reports whether an item of the group leads to an address.
func (g NavGroup) has(href string) bool {
	return href != "" && slices.ContainsFunc(g.Items, func(n NavItem) bool { return n.Href == href })
}

// count is how much waits behind all items of the group.
func (g NavGroup) count() int {
	n := 0
	for _, x := range g.Items {
		n += x.Count
	}
	return n
}

// User is the person logged in, as the header shows them. The zero value is a visitor.
type User struct {
	// Key is nobody else's. On a device that several people use it tells one's unsent texts from another's.
	Key    string
	Name   string
	Role   string // label of the current role
	Org    string // organisation acted for, "" if none
	Others []RoleChoice
	Unread int
}

// RoleChoice is another role the person may switch to.
type RoleChoice struct {
	Value string
	Label string
}

// LoggedIn reports whether somebody is logged in.
func (u User) LoggedIn() bool { return u.Name != "" }

// Site is what the operator configured, incl. what a government site owes in its footer. Empty
// entries are left out.
type Site struct {
	Name          string // 太原科创服务平台
	Organiser     string // 主办单位
	Operator      string // 承办单位
	Phone         string // 联系电话
	ICP           string // ICP 备案号
	ICPURL        string
	Police        string // 公安备案号
	PoliceURL     string
	SiteCode      string // 网站标识码
	PartyGovURL   string // 党政机关网站标识 links here
	CorrectionURL string // 纠错
	AccessURL     string // 适老化与无障碍
	MapApproval   string // 审图号
	Links         []Link // 网站地图, 隐私 …
	Mark          string // what the data of this site is, "" for its own
	Filling       string // that data is still coming in, "" when all is there
}

// lang returns the language of the page, Chinese when unset.
func (p Page) lang() string {
	if p.Lang == i18n.EN {
		return string(i18n.EN)
	}
	return string(i18n.ZH)
}

func (p Page) theme() string { return string(ParseTheme(string(p.Theme))) }

func (p Page) size() string { return string(ParseSize(string(p.Size))) }

// back is where preference, role and log-in forms return to: always a path of this site.
func (p Page) back() string {
	u := p.URL
	if u == "" {
		u = p.Path
	}
	if !strings.HasPrefix(u, "/") || strings.HasPrefix(u, "//") || strings.HasPrefix(u, `/\`) {
		return PathHome
	}
	return u
}

// alternate is the address of this page in language code lang.
func (p Page) alternate(code string) string { return p.Origin + p.Path + "?lang=" + code }

// currentNav returns the entry of items whose address is the longest prefix of the page's path,
// so that a record page keeps its list lit.
func (p Page) currentNav(items []NavItem) string {
	best := ""
	for _, n := range items {
		path, _, _ := strings.Cut(n.Href, "?")
		in := p.Path == path || path != "/" && strings.HasPrefix(p.Path,
			strings.TrimSuffix(path, "/")+"/")
		if in && len(n.Href) > len(best) {
			best = n.Href
		}
	}
	return best
}

// currentSide is currentNav over all groups of the side navigation.
func (p Page) currentSide() string {
	var all []NavItem
	for _, g := range p.Side {
		all = append(all, g.Items...)
	}
	return p.currentNav(all)
}

// sideWhole is how many items of the side navigation stand open: with their titles they fill a screen.
const sideWhole = 16

// foldsSide reports whether the groups of the side navigation are folded, but for the one that the page belongs
// to and the first that has a title, where one's work waits: its place.
func (p Page) foldsSide() (folds bool, first int) {
	n := 0
	for _, g := range p.Side {
		n += len(g.Items)
	}
	return n > sideWhole, slices.IndexFunc(p.Side, func(g NavGroup) bool { return g.Title != "" })
}

func pressed(on bool) string { return strconv.FormatBool(on) }

// many writes a badge count that stays narrow.
func many(n int) string {
	if n > 99 {
		return "99+"
	}
	return fmt.Sprint(n)
}
