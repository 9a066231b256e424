package job

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/i18n"
)

func TestTextSurvivesStorage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text Text
		want string // in Chinese, after storage
	}{
		{Text{}, ""},
		{Text{Key: "50%"}, "50%"},
		{Text{"%d / %d", []any{int64(1), 1 << 40}}, "1 / 1099511627776"},
		{Text{"%.1f %s %t", []any{5.0, "五", true}}, "5.0 五 true"},
		{Text{"%.2f", []any{0.1}}, "0.10"},
		{Text{"%s", []any{i18n.Key("后台任务")}}, "后台任务"},
		{Text{"%s", []any{struct{ A int }{7}}}, "{7}"},
	}
	for _, tt := range tests {
		got, err := DecodeText(tt.text.Encode())
		if err != nil || got.In(i18n.ZH) != tt.want {
			t.Errorf("%+v came back as %+v (%q), %v, want %q", tt.text, got, got.In(i18n.ZH), err,
				tt.want)
		}
	}
	got, _ := DecodeText(Text{"%s", []any{i18n.Key("后台任务")}}.Encode())
	if s := got.In(i18n.EN); s != i18n.Text(i18n.EN, "后台任务") || s == "后台任务" {
		t.Errorf("a key among the arguments reads %q in English", s)
	}
}

func FuzzDecodeText(f *testing.F) {
	for _, s := range []string{"", "{}",
		`{"key":"a","args":[1,"b",{"key":"c"},{"float":1e999},null]}`,
		`{"key":"%d","args":[{"float":"x"}]}`, "[", `"a"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, err := DecodeText(s)
		if err != nil {
			return
		}
		_ = x.In(i18n.EN)
		again, err := DecodeText(x.Encode())
		if err != nil {
			t.Fatalf("%q: cannot be stored again: %v", s, err)
		}
		third, err := DecodeText(again.Encode())
		if diff := cmp.Diff(again, third); diff != "" || err != nil {
			t.Fatalf("%q: not stable: %v\n%s", s, err, diff)
		}
	})
}
