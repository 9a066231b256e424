package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
)

type thing struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

type thingOut struct {
	ETag string `header:"ETag"`
	Body thing
}

// newAPI has one operation of each sort.
func newAPI() *api.API {
	a := api.New(slog.New(slog.NewTextHandler(io.Discard, nil)))
	api.Add(a, api.Operation{UseCase: "test.Make", Method: "POST", Path: "/things", Title: "测试", Status: 201, Public: true},
		func(_ context.Context, in *struct {
			api.Once
			Body thing
		}) (*thingOut, error) {
			if in.Body.Name == "" {
				return nil, fault.Fields(fault.At("name", "请填写这一项"))
			}
			return &thingOut{api.ETag(1), in.Body}, nil
		})
	api.Add(a, api.Operation{UseCase: "test.Change", Method: "PUT", Path: "/things/{id}", Title: "测试", Public: true},
		func(_ context.Context, in *struct {
			api.Match
			ID   string `path:"id"`
			Body thing
		}) (*thingOut, error) {
			v, err := in.Version()
			if err == nil && v != 3 {
				err = fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
			}
			return &thingOut{api.ETag(4), in.Body}, err
		})
	api.Add(a, api.Operation{UseCase: "test.Fail", Method: "GET", Path: "/fail", Title: "测试", Public: true},
		func(context.Context, *struct{}) (*struct{}, error) { return nil, io.ErrUnexpectedEOF })
	api.Add(a, api.Operation{UseCase: "test.List", Method: "GET", Path: "/things", Title: "测试", Public: true},
		func(_ context.Context, in *struct{ api.Paging }) (*struct{ Body int }, error) {
			return &struct{ Body int }{in.Req().Limit}, nil
		})
	api.Add(a, api.Operation{UseCase: "test.Members", Method: "GET", Path: "/members", Title: "测试"},
		func(context.Context, *struct{}) (*struct{ Body int }, error) {
			return &struct{ Body int }{1}, nil
		})
	return a
}

func call(a *api.API, method, path, body string, headers ...string) (*httptest.ResponseRecorder, api.Problem) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	var p api.Problem
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem+json") {
		_ = json.Unmarshal(w.Body.Bytes(), &p)
	}
	return w, p
}

func TestAnswers(t *testing.T) {
	a := newAPI()
	for name, c := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
		field              string // of the first error
	}{
		"made":              {"POST", "/api/v1/things", `{"name":"a","count":2}`, nil, 201, ""},
		"field is missing":  {"POST", "/api/v1/things", `{}`, nil, 422, "name"},
		"field nobody has":  {"POST", "/api/v1/things", `{"name":"a","role":"sysadmin"}`, nil, 422, "role"},
		"field of a type":   {"POST", "/api/v1/things", `{"name":"a","count":"x"}`, nil, 422, "count"},
		"no JSON":           {"POST", "/api/v1/things", `{"name":`, nil, 422, "body"},
		"GBK":               {"POST", "/api/v1/things", "{\"name\":\"\xb9\xab\xcb\xbe\"}", nil, 422, "body"},
		"half a character":  {"POST", "/api/v1/things", `{"name":"a\ud800"}`, nil, 422, "body"},
		"second half":       {"POST", "/api/v1/things", `{"name":"\udc00\ud800"}`, nil, 422, "body"},
		"half and more":     {"POST", "/api/v1/things", `{"name":"\ud800\u0041"}`, nil, 422, "body"},
		"pair of halves":    {"POST", "/api/v1/things", `{"name":"\ud83d\ude00\n"}`, nil, 201, ""},
		"escaped backslash": {"POST", "/api/v1/things", `{"name":"\\ud800"}`, nil, 201, ""},
		"nothing":           {"POST", "/api/v1/things", "", nil, 400, ""},
		"two values":        {"POST", "/api/v1/things", `{"name":"a"}{"name":"b"}`, nil, 422, "body"},
		"JSON by any name":  {"POST", "/api/v1/things", `{"name":"a"}`, []string{"Content-Type", "Application/JSON; charset=utf-8"}, 201, ""},
		"form for JSON":     {"POST", "/api/v1/things", "--b--", []string{"Content-Type", "multipart/form-data; boundary=b"}, 415, ""},
		"too much":          {"POST", "/api/v1/things", `{"name":"` + strings.Repeat("a", 1<<20) + `"}`, nil, 413, ""},
		"a form":            {"POST", "/api/v1/things", `name=a`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, ""},
		"plain text":        {"POST", "/api/v1/things", `{}`, []string{"Content-Type", "text/plain"}, 415, ""},
		"changed":           {"PUT", "/api/v1/things/x", `{"name":"a"}`, []string{"If-Match", `"3"`}, 200, ""},
		"compressed ETag":   {"PUT", "/api/v1/things/x", `{"name":"a"}`, []string{"If-Match", `W/"3-gz"`}, 200, ""},
		"stale":             {"PUT", "/api/v1/things/x", `{"name":"a"}`, []string{"If-Match", `"2"`}, 409, ""},
		"no version":        {"PUT", "/api/v1/things/x", `{"name":"a"}`, nil, 422, "If-Match"},
		"defect":            {"GET", "/api/v1/fail", "", nil, 500, ""},
		"members only":      {"GET", "/api/v1/members", "", nil, 401, ""},
		"default of a page": {"GET", "/api/v1/things", "", nil, 200, ""},
		"page too large":    {"GET", "/api/v1/things?limit=501", "", nil, 422, "limit"},
		"unknown parameter": {"GET", "/api/v1/things?order=x", "", nil, 422, "order"},
		"no such address":   {"GET", "/api/v1/nothing", "", nil, 404, ""},
		"no such method":    {"DELETE", "/api/v1/things", "", nil, 405, ""},
	} {
		w, p := call(a, c.method, c.path, c.body, c.headers...)
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, c.status, w.Body)
			continue
		}
		if w.Code >= 400 && (p.Status != c.status || p.Detail == "") {
			t.Errorf("%s: no problem that says what is wrong in %s", name, w.Body)
		}
		if c.field != "" && (len(p.Errors) == 0 || p.Errors[0].Field != c.field) {
			t.Errorf("%s: errors %+v, want one at %s", name, p.Errors, c.field)
		}
		if strings.Contains(w.Body.String(), "EOF") {
			t.Errorf("%s: shows an internal error: %s", name, w.Body)
		}
	}
}

// Parameters come from the address and the headers into the fields of the input, each by its kind.
func TestParameters(t *testing.T) {
	type input struct {
		ID      int64    `path:"id"`
		Words   string   `query:"words" maxLength:"5"`
		Kind    string   `query:"kind" enum:"a,b" default:"a"`
		Wanted  string   `query:"wanted" required:"true"`
		Open    bool     `query:"open"`
		Top     int      `query:"top" minimum:"1" maximum:"50" default:"10"`
		Listed  []string `query:"listed"`
		Each    []string `query:"each,explode"`
		Agent   string   `header:"X-Agent"`
		Session string   `cookie:"session"`
	}
	a := newAPI()
	api.Add(a, api.Operation{UseCase: "test.Read", Method: "GET", Path: "/read/{id}", Title: "测试", Public: true},
		func(_ context.Context, in *input) (*struct{ Body input }, error) {
			return &struct{ Body input }{*in}, nil
		})
	w, _ := call(a, "GET", "/api/v1/read/7?wanted=w&words=%E5%9B%9B&open=true&top=3&kind=b&listed=x,y&each=x,y&each=z", "",
		"X-Agent", "me", "Cookie", "session=s")
	want := input{7, "四", "b", "w", true, 3, []string{"x", "y"}, []string{"x,y", "z"}, "me", "s"}
	var got input
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || !cmp.Equal(got, want) {
		t.Errorf("%v in %s\n%s", err, w.Body, cmp.Diff(want, got))
	}
	w, _ = call(a, "GET", "/api/v1/read/7?wanted=w", "")
	got = input{}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || !cmp.Equal(got, input{ID: 7, Kind: "a", Wanted: "w", Top: 10}) {
		t.Errorf("defaults: %v in %s", err, w.Body)
	}
	for query, want := range map[string]api.ProblemField{
		"wanted=w&words=123456":             {Field: "words", Detail: "最多 5 个字符"},
		"wanted=w&kind=c":                   {Field: "kind", Detail: "应为以下之一：a b"},
		"":                                  {Field: "wanted", Detail: "缺少这个参数"},
		"wanted=":                           {Field: "wanted", Detail: "缺少这个参数"},
		"wanted=w&open=maybe":               {Field: "open", Detail: "应为 true 或 false"},
		"wanted=w&top=x":                    {Field: "top", Detail: "应为整数"},
		"wanted=w&top=0":                    {Field: "top", Detail: "不能小于 1"},
		"wanted=w&top=51":                   {Field: "top", Detail: "不能大于 50"},
		"wanted=w&top=99999999999999999999": {Field: "top", Detail: "应为整数"},
		"wanted=w&session=s":                {Field: "session", Detail: "没有这个查询参数"},
		"wanted=w&id=3":                     {Field: "id", Detail: "没有这个查询参数"},
	} {
		w, p := call(a, "GET", "/api/v1/read/7?"+query, "")
		if w.Code != 422 || !cmp.Equal(p.Errors, []api.ProblemField{want}) {
			t.Errorf("%q: %d, errors %+v, want %+v", query, w.Code, p.Errors, want)
		}
	}
	if w, p := call(a, "GET", "/api/v1/read/x?wanted=w", ""); w.Code != 422 || len(p.Errors) != 1 || p.Errors[0].Field != "id" {
		t.Errorf("a path that is no number: %d, errors %+v", w.Code, p.Errors)
	}
}

// What cannot be read or answered is refused when the operation is added, not when somebody asks.
func TestOperationsAreChecked(t *testing.T) {
	for name, add := range map[string]func(*api.API, api.Operation){
		"a parameter of parts": func(a *api.API, op api.Operation) {
			api.Add(a, op, func(context.Context, *struct {
				At struct{} `query:"at"`
			}) (*struct{}, error) {
				return nil, nil
			})
		},
		"a pattern nobody checks": func(a *api.API, op api.Operation) {
			api.Add(a, op, func(context.Context, *struct {
				At string `query:"at" pattern:"^a"`
			}) (*struct{}, error) {
				return nil, nil
			})
		},
		"a header of numbers": func(a *api.API, op api.Operation) {
			api.Add(a, op, func(context.Context, *struct{}) (*struct {
				Age int `header:"Age"`
			}, error) {
				return nil, nil
			})
		},
		"a field that goes nowhere": func(a *api.API, op api.Operation) {
			api.Add(a, op, func(context.Context, *struct{}) (*struct{ Name string }, error) { return nil, nil })
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is taken", name)
				}
			}()
			add(newAPI(), api.Operation{UseCase: "test.Wrong", Method: "GET", Path: "/wrong", Title: "测试"})
		}()
	}
}

func TestDescriptionNamesEveryOperation(t *testing.T) {
	a := newAPI()
	doc, err := a.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	again, _ := a.OpenAPI()
	if string(doc) != string(again) {
		t.Error("the description is not the same twice")
	}
	for _, op := range a.Operations() {
		if !strings.Contains(string(doc), `"operationId": "`+op.UseCase+`"`) {
			t.Errorf("%s is not described", op.UseCase)
		}
	}
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/openapi.json", nil))
	if w.Code != 200 || !json.Valid(w.Body.Bytes()) {
		t.Errorf("the description is not served: %d", w.Code)
	}
}

// A form is bounded as JSON is: by what its operation takes.
func TestFormsAreBounded(t *testing.T) {
	a := newAPI()
	read := func(_ context.Context, in *struct {
		RawBody multipart.Form
	}) (*struct{ Body int }, error) {
		return &struct{ Body int }{len(in.RawBody.Value["x"])}, nil
	}
	for path, maximum := range map[string]int64{"/small": 0, "/large": 4 << 20} {
		api.Add(a, api.Operation{UseCase: "test" + path, Method: "POST", Path: path, Title: "测试",
			Public: true, Maximum: maximum, Form: []api.FormField{{Name: "x"}}}, read)
	}
	const end = "\r\n--b--\r\n"
	form := "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n"
	for _, c := range []struct {
		path string
		size int
		ok   bool
	}{{"/small", 1000, true}, {"/small", 2 << 20, false}, {"/large", 2 << 20, true},
		{"/large", 5 << 20, false}} {
		r := httptest.NewRequest("POST", "/api/v1"+c.path,
			strings.NewReader(form+strings.Repeat("y", c.size)+end))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if (w.Code == 200) != c.ok || !c.ok && w.Code != 413 {
			t.Errorf("%s with %d bytes: %d %s", c.path, c.size, w.Code, w.Body)
		}
	}
}

// What was uploaded is removed however the request ends: taken, refused by the use case, or before it for want of
// a log-in or a right header.
func TestNoUploadStays(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	a := newAPI()
	type raw struct {
		Level   int `query:"level" maximum:"3"`
		RawBody multipart.Form
	}
	seen := 0 // temporary files while a use case runs
	look := func() { seen += len(ls(t, dir)) }
	op := func(name string, public bool) api.Operation {
		return api.Operation{UseCase: "test." + name, Method: "POST", Path: "/" + name, Title: "测试", Public: public,
			Maximum: 4 << 20}
	}
	form := func(name string, public bool) api.Operation {
		o := op(name, public)
		o.Form = []api.FormField{{Name: "files", File: true}}
		return o
	}
	api.Add(a, form("take", true), func(context.Context, *raw) (*struct{}, error) { look(); return nil, nil })
	api.Add(a, form("refuse", true), func(context.Context, *raw) (*struct{}, error) {
		look()
		return nil, fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
	})
	api.Add(a, form("closed", false), func(context.Context, *raw) (*struct{}, error) { return nil, nil })
	api.Add(a, op("either", true), func(_ context.Context, in *struct {
		api.Upload[struct{ Name string }]
	}) (*struct{}, error) {
		_, _, err := in.Read()
		look()
		return nil, err
	})
	for path, want := range map[string]int{"/take": 200, "/refuse": 409, "/take?level=9": 422, "/closed": 401,
		"/either": 200} {
		r := httptest.NewRequest("POST", "/api/v1"+path, strings.NewReader("--b\r\nContent-Disposition: form-data; "+
			"name=\"files\"; filename=\"f\"\r\n\r\n"+strings.Repeat("y", 3<<20)+"\r\n--b--\r\n"))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Code/100 != want/100 || len(ls(t, dir)) > 0 {
			t.Errorf("%s: %d %.200s, want %d; left %v", path, w.Code, w.Body, want, ls(t, dir))
		}
	}
	if seen != 3 {
		t.Errorf("%d temporary files were seen while they were used, want 3", seen)
	}
}

func ls(t *testing.T, dir string) []os.DirEntry {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// The fields of a form are text like that of a body.
func TestFormsAreUTF8(t *testing.T) {
	a := newAPI()
	api.Add(a, api.Operation{UseCase: "test.Up", Method: "POST", Path: "/up", Title: "测试", Public: true},
		func(_ context.Context, in *struct {
			api.Upload[struct{ Name string }]
		}) (*struct{ Body string }, error) {
			data, _, err := in.Read()
			return &struct{ Body string }{data.Name}, err
		})
	for name, want := range map[string]int{"公司": 200, "\xb9\xab\xcb\xbe": 422} {
		r := httptest.NewRequest("POST", "/api/v1/up", strings.NewReader(
			"--b\r\nContent-Disposition: form-data; name=\"Name\"\r\n\r\n"+name+"\r\n--b--\r\n"))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: %d %s, want %d", name, w.Code, w.Body, want)
		}
	}
}

type hiddenID struct {
	ID string `path:"id"`
}

// A parameter that nobody can give is a mistake of the program, and is found when the operation is added.
func TestHiddenParameter(t *testing.T) {
	defer func() {
		if got := recover(); got == nil || !strings.Contains(got.(string), "test.Hidden: nobody can give id") {
			t.Errorf("%v", got)
		}
	}()
	api.Add(newAPI(), api.Operation{UseCase: "test.Hidden", Method: "PUT", Path: "/hidden/{id}", Title: "测试", Public: true},
		func(_ context.Context, in *struct {
			hiddenID
			Body thing
		}) (*struct{}, error) {
			return nil, nil
		})
}

// A form is read as strictly as JSON: what the description does not name is refused by its name.
func TestFormsAreStrict(t *testing.T) {
	a := newAPI()
	seen := 0
	api.Add(a, api.Operation{UseCase: "test.form", Method: "POST", Path: "/form", Title: "测试", Public: true,
		Form: []api.FormField{{Name: "kind"}, {Name: "file", File: true, Many: true}}},
		func(_ context.Context, in *struct{ RawBody multipart.Form }) (*struct{}, error) {
			seen++
			return &struct{}{}, nil
		})
	for _, c := range []struct {
		parts string // name, or name! for a file
		wrong []string
	}{
		{"kind file! file!", nil},
		{"file!", nil},
		{"kind roles", []string{"roles"}},
		{"file!! other! a", []string{"a", "file!", "other"}},
		{"file", []string{"file"}},
		{"kind!", []string{"kind"}},
	} {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for _, p := range strings.Fields(c.parts) {
			if name, file := strings.CutSuffix(p, "!"); file {
				_, _ = m.CreateFormFile(name, "x")
			} else {
				_ = m.WriteField(p, "x")
			}
		}
		m.Close()
		r := httptest.NewRequest("POST", "/api/v1/form", &b)
		r.Header.Set("Content-Type", m.FormDataContentType())
		w := httptest.NewRecorder()
		before := seen
		a.Handler().ServeHTTP(w, r)
		var got struct {
			Errors []struct{ Field, Detail string }
		}
		_ = json.Unmarshal(w.Body.Bytes(), &got)
		var wrong []string
		for _, e := range got.Errors {
			wrong = append(wrong, e.Field)
		}
		if diff := cmp.Diff(c.wrong, wrong); diff != "" || (seen > before) != (c.wrong == nil) {
			t.Errorf("%s: %d %s\n%s", c.parts, w.Code, w.Body, diff)
		}
	}
}
