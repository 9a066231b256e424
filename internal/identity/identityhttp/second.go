package identityhttp

import (
	"fmt"
	"image"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/pquerna/otp"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func (h *Handler) getSecond(w http.ResponseWriter, r *http.Request) error {
	return h.showSecond(w, r, nil)
}

// showSecond shows where the second factor stands: in use, being set up, or none.
func (h *Handler) showSecond(w http.ResponseWriter, r *http.Request, err error) error {
	ctx, by := r.Context(), web.Actor(r)
	s, gerr := h.identity.GetSecondFactor(ctx, by)
	if gerr != nil {
		return gerr
	}
	if s.SinceUs != 0 {
		return h.account(w, r, part{title: "两步验证", code: status(err), content: h.secondInUse(r, s, err)})
	}
	var content []templ.Component
	if web.SessionOf(r).Pending != "" {
		content = append(content, ui.Banner(ui.Warn, say(r, "管理员账号须先启用两步验证，再继续使用。")))
	}
	e, perr := h.identity.PendingTOTP(ctx, by)
	if fault.Is(perr, fault.NotFound) {
		content = append(content, form(r, ui.FormView{Action: "/account/totp/start", Plain: true,
			Buttons: []ui.Action{{Text: say(r, "开始设置"), Primary: true}}}, ownPassword(r), err))
		return h.account(w, r, part{title: "两步验证", code: status(err), content: templ.Join(content...),
			lead: say(r, "启用后，登录时除密码外还要填写手机验证器应用显示的六位数字，密码泄露也不会被冒用。")})
	}
	if perr != nil {
		return perr
	}
	setUp, serr := h.secondSetUp(r, e, err)
	if serr != nil {
		return serr
	}
	return h.account(w, r, part{title: "两步验证", code: status(err),
		content: templ.Join(append(content, setUp...)...),
		lead:    say(r, "用验证器应用扫描下面的二维码；不能扫描时，手工输入密钥。")})
}

// ownPassword asks for the password again.
func ownPassword(r *http.Request) []ui.Input {
	return []ui.Input{{Kind: ui.InPassword, Name: "password", Label: say(r, "现在的密码"),
		AutoComplete: "current-password", Hint: say(r, "确认是您本人在操作")}}
}

// secondSetUp shows the secret and asks for the first code.
func (h *Handler) secondSetUp(
	r *http.Request, e identity.Enrolment, err error,
) ([]templ.Component, error) {
	size, path, qerr := qrPath(e.URL)
	if qerr != nil {
		return nil, qerr
	}
	f := ui.FormView{Action: "/account/totp/confirm", Plain: true,
		Buttons: []ui.Action{{Text: say(r, "启用两步验证"), Primary: true}}}
	inputs := []ui.Input{{Name: "code", Label: say(r, "验证器显示的六位数字"), Width: ui.W10, Mono: true,
		MaxLen: 10, AutoComplete: "one-time-code", InputMode: "numeric"}}
	return []templ.Component{
		square(size, path, say(r, "密钥的二维码")),
		ui.FactList([]ui.Fact{{Term: say(r, "密钥"), Text: grouped(e.Secret), Mono: true}}),
		form(r, f, inputs, err),
	}, nil
}

// grouped writes a secret in groups of four, as it is easiest to type.
func grouped(s string) string {
	var b strings.Builder
	for i, c := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// secondInUse shows a second factor in use, and what can be done with it.
func (h *Handler) secondInUse(
	r *http.Request, s identity.SecondFactor, err error,
) templ.Component {
	facts := ui.FactList([]ui.Fact{
		{Term: say(r, "状态"), Status: &ui.State{Tone: ui.OK, Text: say(r, "已启用")}},
		{Term: say(r, "启用时间"), Text: at(r, s.SinceUs)},
		{Term: say(r, "剩余恢复码"), Text: i18n.Int(s.Recovery)},
	})
	f := ui.FormView{Action: "/account/totp/codes", Plain: true, Buttons: []ui.Action{
		{Text: say(r, "重新生成恢复码"), Primary: true}}}
	disable := ui.Action{Text: say(r, "停用两步验证"), Danger: true, FormURL: "/account/totp/disable"}
	if s.Required {
		disable.Why = say(r, "管理员账号必须启用两步验证")
	}
	f.Buttons = append(f.Buttons, disable)
	return templ.Join(facts, form(r, f, ownPassword(r), err))
}

func (h *Handler) postSecondStart(w http.ResponseWriter, r *http.Request) error {
	_, err := h.identity.StartTOTP(r.Context(), web.Actor(r), r.PostFormValue("password"))
	if refused(err) {
		return h.showSecond(w, r, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/account/totp", http.StatusSeeOther)
	return nil
}

func (h *Handler) postSecondConfirm(w http.ResponseWriter, r *http.Request) error {
	on, err := h.identity.ConfirmTOTP(r.Context(), web.Actor(r), web.Token(r), r.PostFormValue("code"))
	if refused(err) {
		return h.showSecond(w, r, err)
	}
	if err != nil {
		return err
	}
	h.keep(w, on.Started)
	return h.showCodes(w, r, on.Codes)
}

func (h *Handler) postSecondCodes(w http.ResponseWriter, r *http.Request) error {
	codes, err := h.identity.RenewRecoveryCodes(r.Context(), web.Actor(r), r.PostFormValue("password"))
	if refused(err) {
		return h.showSecond(w, r, err)
	}
	if err != nil {
		return err
	}
	return h.showCodes(w, r, codes)
}

// showCodes shows recovery codes, once.
func (h *Handler) showCodes(w http.ResponseWriter, r *http.Request, codes []string) error {
	return h.account(w, r, part{title: "两步验证", content: templ.Join(
		ui.Banner(ui.Warn, say(r, "请立即保存这些恢复码，它们只显示这一次。手机不在身边时，每个可以代替验证码使用一次。")),
		codeList(codes), ways([]ui.Link{{Text: say(r, "我已保存，继续"), Href: ui.PathHome}}))})
}

func (h *Handler) postSecondDisable(w http.ResponseWriter, r *http.Request) error {
	err := h.identity.DisableTOTP(r.Context(), web.Actor(r), r.PostFormValue("password"))
	if refused(err) {
		return h.showSecond(w, r, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, "/account/totp", "两步验证已停用")
}

// The sizes of QR codes run from 21 to 177 modules in steps of 4 (ISO/IEC 18004).
const (
	leastModules = 21
	mostModules  = 177
	stepModules  = 4
	quietZone    = 4 // modules of white around it
)

// qrPath draws an address as the path of an SVG: one unit square for each dark module. It returns
// the length of a side in modules, the white border included.
func qrPath(address string) (int, string, error) {
	key, err := otp.NewKeyFromURL(address)
	if err != nil {
		return 0, "", err
	}
	for n := leastModules; n <= mostModules; n += stepModules {
		img, err := key.Image(n, n) // fails until n is the code's own size
		if err != nil {
			continue
		}
		return n + 2*quietZone, modules(img, n), nil
	}
	return 0, "", fmt.Errorf("address of %d bytes has no QR code", len(address))
}

// modules joins neighbouring dark modules of a row into one bar.
func modules(img image.Image, n int) string {
	dark := func(x, y int) bool {
		r, _, _, _ := img.At(x, y).RGBA()
		return r < 0x8000
	}
	var b strings.Builder
	for y := range n {
		for x := 0; x < n; x++ {
			if !dark(x, y) {
				continue
			}
			from := x
			for x+1 < n && dark(x+1, y) {
				x++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1H%dz", from+quietZone, y+quietZone, x-from+1, from+quietZone)
		}
	}
	return b.String()
}

func viewBox(size int) string { return fmt.Sprintf("0 0 %d %d", size, size) }
