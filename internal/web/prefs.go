package web

import (
	"net/http"
	"strings"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// prefs are how a person likes to read. They live in cookies, so they need no account.
type prefs struct {
	lang  i18n.Lang
	theme ui.Theme
	size  ui.Size
}

const (
	langCookie  = "yuntu_lang"
	themeCookie = "yuntu_theme"
	sizeCookie  = "yuntu_size"
	toastCookie = "yuntu_toast"
	yearSeconds = 365 * 24 * 60 * 60
)

// readPrefs reads the cookies. ?lang=en in the address wins and is kept, so a link can be shared
// in a language.
func (s *Server) readPrefs(w http.ResponseWriter, r *http.Request) prefs {
	p := prefs{
		lang:  i18n.Parse(cookieValue(r, langCookie)),
		theme: ui.ParseTheme(cookieValue(r, themeCookie)),
		size:  ui.ParseSize(cookieValue(r, sizeCookie)),
	}
	if strings.HasPrefix(r.URL.Path, apiPrefix) && cookieValue(r, langCookie) == "" {
		p.lang = i18n.Parse(r.Header.Get("Accept-Language"))
	}
	if r.Method == http.MethodGet && strings.Contains(r.URL.RawQuery, "lang=") {
		if l := r.URL.Query().Get("lang"); l != "" {
			p.lang = i18n.Parse(l)
			http.SetCookie(w, s.cookie(langCookie, string(p.lang), yearSeconds, true))
		}
	}
	return p
}

func cookieValue(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// postPrefs stores one choice and goes back to the page it was made on.
func (s *Server) postPrefs(w http.ResponseWriter, r *http.Request) error {
	set := func(name, value string) {
		http.SetCookie(w, s.cookie(name, value, yearSeconds, true))
	}
	if v := r.PostFormValue("size"); v != "" {
		set(sizeCookie, string(ui.ParseSize(v)))
	}
	if v := r.PostFormValue("theme"); v != "" {
		set(themeCookie, string(ui.ParseTheme(v)))
	}
	if v := r.PostFormValue("lang"); v != "" {
		set(langCookie, string(i18n.Parse(v)))
	}
	http.Redirect(w, r, withoutLang(Back(r.PostFormValue("back"))), http.StatusSeeOther)
	return nil
}

// withoutLang drops ?lang= from the address, or the choice just made would be undone by it.
func withoutLang(target string) string {
	path, query, found := strings.Cut(target, "?")
	if !found {
		return target
	}
	var keep []string
	for part := range strings.SplitSeq(query, "&") {
		if !strings.HasPrefix(part, "lang=") && part != "" {
			keep = append(keep, part)
		}
	}
	if len(keep) == 0 {
		return path
	}
	return path + "?" + strings.Join(keep, "&")
}

// Back returns target when it is a path of this site, and the home page otherwise: an address
// from a form or query must not lead people elsewhere.
func Back(target string) string {
	bad := !strings.HasPrefix(target, "/") || strings.HasPrefix(target, "//") ||
		strings.ContainsAny(target, "\\\r\n\t")
	if bad {
		return ui.PathHome
	}
	return target
}
