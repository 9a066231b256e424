package i18n

import (
	"context"
	"io"
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
)

func TestTextFallsBackAndFills(t *testing.T) {
	English(map[string]string{"测试共 %s 项": "%s test items", "测试单位": "test units"})
	for _, c := range []struct {
		lang Lang
		zh   string
		args []any
		want string
	}{
		{ZH, "测试共 %s 项", []any{"3"}, "测试共 3 项"},
		{EN, "测试共 %s 项", []any{"3"}, "3 test items"},
		{EN, "测试共 %s 项", []any{Key("测试单位")}, "test units test items"},
		{EN, "没有译文 100%", nil, "没有译文 100%"},
		{"", "测试单位", nil, "测试单位"},
	} {
		if got := Text(c.lang, c.zh, c.args...); got != c.want {
			t.Errorf("Text(%s, %q) = %q, want %q", c.lang, c.zh, got, c.want)
		}
	}
}

func TestEnglishKeepsTheFirst(t *testing.T) {
	English(map[string]string{"测试冲突": "one"})
	English(map[string]string{"测试冲突": "two"})
	if got := Text(EN, "测试冲突"); got != "one" {
		t.Errorf("got %q", got)
	}
}

func TestContextAndFault(t *testing.T) {
	ctx := context.Background()
	if From(ctx) != ZH || From(With(ctx, EN)) != EN || Parse("en-GB") != EN || Parse("fr") != ZH {
		t.Error("language of context or choice")
	}
	e := fault.Fields(fault.At("name", "必填"))
	if got := Error(EN, e); got != "1 things need your attention" {
		t.Errorf("fault in English: %q", got)
	}
	if got := Error(ZH, io.EOF); got != "系统内部错误，请稍后再试" {
		t.Errorf("an unknown error must not show its text: %q", got)
	}
}
