package claimhttp

import (
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Limits of the form; the room has the last word.
const (
	formMemory   = 1 << 20 // bytes of a form kept in memory
	maxStaged    = 6       // files looked at: one more than the room takes, so that it can say so
	maxOrgName   = 120
	maxDuty      = 40
	maxStatement = 500
)

// maxUpload bounds a claim with its files.
var maxUpload = maxStaged * identity.ClaimFile.MaxBytes

// getNew asks for the code first, then for what the registry does not know.
func (h *Handler) getNew(w http.ResponseWriter, r *http.Request) error {
	if err := mayClaim(r); err != nil {
		return err
	}
	in := identity.ClaimInput{USCC: r.FormValue("uscc"), Key: id.New()}
	if strings.TrimSpace(in.USCC) == "" {
		return h.showCode(w, r, in, nil)
	}
	return h.showNew(w, r, in, nil)
}

// mayClaim refuses roles that claim nothing: staff get their organisation with their role.
func mayClaim(r *http.Request) error {
	if !claims(r) {
		return fault.New(fault.Forbidden, "您现在的身份不能认领单位，工作人员的单位随角色授予")
	}
	return nil
}

// showCode is the first step of a claim.
func (h *Handler) showCode(
	w http.ResponseWriter, r *http.Request, in identity.ClaimInput, err error,
) error {
	fields := []ui.Input{{Name: "uscc", Label: say(r, "统一社会信用代码"), Value: in.USCC, Mono: true,
		Width: ui.W18, MaxLen: 40, AutoComplete: "off",
		Hint: say(r, "营业执照或法人证书上的 18 位代码")}}
	ui.Mark(lang(r), fields, err)
	form := ui.FormView{Action: PathNew, Get: true, Summary: ui.SummaryOf(lang(r), err),
		Buttons: []ui.Action{{Text: say(r, "查找单位"), Primary: true}}}
	return h.web.Render(w, r, web.View{Status: ui.StatusOf(err), Page: h.newPage(r),
		Body: formPage(h.newHead(r), form, fields, ui.UploadView{})})
}

func (h *Handler) newPage(r *http.Request) ui.Page {
	p := h.web.Page(r, "认领单位")
	p.Crumbs = []ui.Link{{Text: say(r, "我的认领"), Href: PathList}, {Text: say(r, "认领单位")}}
	return p
}

func (h *Handler) newHead(r *http.Request) ui.Head {
	return ui.Head{Title: say(r, "认领单位"),
		Lead: say(r, "审核通过后，您就可以代表单位办理业务。审核时限：%d 个工作日。",
			h.room.Rule().ClaimDays)}
}

// lookUp finds the organisation of a code.
func (h *Handler) lookUp(r *http.Request, uscc string) (identity.Org, bool, error) {
	code, err := id.ParseUSCC(uscc)
	if e, ok := fault.As(err); ok {
		return identity.Org{}, false, fault.Fields(fault.At("uscc", e.Key, e.Args...))
	}
	if err != nil {
		return identity.Org{}, false, err
	}
	return h.deps.Orgs.FindByUSCC(r.Context(), string(code))
}

// showNew is the second step of a claim.
func (h *Handler) showNew(
	w http.ResponseWriter, r *http.Request, in identity.ClaimInput, err error,
) error {
	o, known, lerr := h.lookUp(r, in.USCC)
	if fault.Is(lerr, fault.Invalid) {
		return h.showCode(w, r, in, lerr)
	}
	if lerr != nil {
		return lerr
	}
	form := ui.FormView{Action: PathNew, Upload: true, Guard: true,
		Summary: ui.SummaryOf(lang(r), err),
		Hidden:  []ui.Hidden{{Name: "uscc", Value: in.USCC}, {Name: "key", Value: in.Key}},
		Buttons: []ui.Action{{Text: say(r, "提交认领"), Primary: true},
			{Text: say(r, "换一个单位"), Href: PathNew}}}
	fields, upload := h.fields(r, in, o, known, err)
	return h.web.Render(w, r, web.View{Status: ui.StatusOf(err), Page: h.newPage(r),
		Body: formPage(h.newHead(r), form, fields, upload)})
}

// static is a line of a form that stands fast.
func static(label, value string) ui.Input {
	return ui.Input{Kind: ui.InStatic, Label: label, Value: value}
}

// fields are what stands fast and the fields to fill in.
func (h *Handler) fields(
	r *http.Request, in identity.ClaimInput, o identity.Org, known bool, err error,
) ([]ui.Input, ui.UploadView) {
	code := static(say(r, "统一社会信用代码"), in.USCC)
	code.Mono = true
	var fields []ui.Input
	if known {
		fields = []ui.Input{static(say(r, "单位名称"), o.Name), code,
			static(say(r, "类型"), h.kindName(r, o.Kind)),
			static(say(r, "地区"), ui.OrDash(h.regionName(o.Region)))}
	} else {
		code.Hint = say(r, "主体库尚无这个单位，请填写下面的登记信息")
		fields = append([]ui.Input{code}, h.orgFields(r, in)...)
	}
	fields = append(fields,
		ui.Input{Name: "duty", Label: say(r, "您的职务"), Value: in.Duty, Optional: true,
			MaxLen: maxDuty, Width: ui.W18, AutoComplete: "organization-title"},
		ui.Input{Kind: ui.InArea, Name: "statement", Label: say(r, "申请说明"), Value: in.Statement,
			Optional: true, MaxLen: maxStatement, Count: true, Rows: 4,
			Hint: say(r, "例如由谁授权、负责哪些事项")})
	ui.Mark(lang(r), fields, err)
	if h.deps.Blobs == nil {
		return fields, ui.UploadView{}
	}
	file := []ui.Input{{Kind: ui.InFile, Name: "files", Label: say(r, "证明材料"), Optional: true,
		Multiple: true, Accept: ".pdf,.ofd,.jpg,.jpeg,.png",
		Hint: say(r, "营业执照、授权书等；重新填写时请再次选择文件")}}
	ui.Mark(lang(r), file, err)
	return fields, ui.UploadView{Input: file[0],
		Limit: say(r, "最多 5 个文件，单个不超过 10 MB，支持 PDF、OFD、JPG、PNG")}
}

// orgFields ask for what the registry would know.
func (h *Handler) orgFields(r *http.Request, in identity.ClaimInput) []ui.Input {
	kinds := []ui.Option{{Text: say(r, "请选择")}}
	for _, k := range identity.ClaimKinds() {
		kinds = append(kinds, ui.Option{Value: k, Text: h.kindName(r, k)})
	}
	return []ui.Input{
		{Name: "orgName", Label: say(r, "单位名称"), Value: in.OrgName, MaxLen: maxOrgName,
			AutoComplete: "organization", Hint: say(r, "与营业执照或法人证书一致")},
		{Kind: ui.InSelect, Name: "kind", Label: say(r, "类型"), Value: in.Kind, Options: kinds,
			Width: ui.W14},
		{Kind: ui.InSelect, Name: "region", Label: say(r, "地区"), Value: in.Region,
			Options: h.places(r, say(r, "按登记机关"), in.Region), Optional: true, Width: ui.W14},
	}
}

// postNew hands in a claim.
func (h *Handler) postNew(w http.ResponseWriter, r *http.Request) error {
	in, done, err := h.read(r)
	defer done()
	var c identity.Claim
	if err == nil {
		c, err = h.room.Claim(r.Context(), web.Actor(r), in)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showNew(w, r, in, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, claimPath(c.ID, ""), "认领已提交")
}

// read decodes the form and stages its files. The caller runs discard in any case; after an error the
// input still holds what was typed, to be shown again.
func (h *Handler) read(r *http.Request) (in identity.ClaimInput, discard func(), err error) {
	discard = func() {}
	err = r.ParseMultipartForm(formMemory)
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return identity.ClaimInput{}, discard,
			fault.New(fault.Invalid, "表单不完整，请刷新后重试").Wrap(err)
	}
	in = identity.ClaimInput{
		USCC: r.PostFormValue("uscc"), OrgName: r.PostFormValue("orgName"),
		Kind: r.PostFormValue("kind"), Region: r.PostFormValue("region"),
		Duty: r.PostFormValue("duty"), Statement: r.PostFormValue("statement"),
		Key: r.PostFormValue("key"),
	}
	if r.MultipartForm == nil {
		return in, discard, nil
	}
	in.Files, discard, err = h.stage(r.Context(), r.MultipartForm.File[api.FieldFiles])
	return in, discard, err
}

// stage checks and keeps the files of a claim until the room takes them. discard removes those that
// it did not take, and is run in any case.
func (h *Handler) stage(
	ctx context.Context, heads []*multipart.FileHeader,
) (staged []*blob.Staged, discard func(), err error) {
	discard = func() {
		for _, st := range staged {
			st.Discard()
		}
	}
	if len(heads) > 0 && h.deps.Blobs == nil {
		return nil, discard, fault.Fields(fault.At(api.FieldFiles, "此步骤不接收材料"))
	}
	for _, head := range heads[:min(len(heads), maxStaged)] {
		f, err := head.Open()
		if err != nil {
			return staged, discard, err
		}
		st, err := h.deps.Blobs.Stage(ctx, blob.Upload{Kind: identity.ClaimFile,
			Field: api.FieldFiles, Name: head.Filename, Content: f})
		_ = f.Close() // only read
		if err != nil {
			return staged, discard, err
		}
		staged = append(staged, st)
	}
	return staged, discard, nil
}
