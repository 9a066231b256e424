package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestKindOf(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want Kind
	}{
		"plain error":   {io.EOF, Internal},
		"fault":         {New(Conflict, "冲突"), Conflict},
		"wrapped":       {fmt.Errorf("load: %w", New(NotFound, "没有")), NotFound},
		"carries cause": {New(Unavailable, "稍后").Wrap(io.EOF), Unavailable},
		"fields":        {Fields(At("name", "必填")), Invalid},
	} {
		if got := KindOf(c.err); got != c.want {
			t.Errorf("%s: KindOf = %v, want %v", name, got, c.want)
		}
	}
	if Fields() != nil {
		t.Error("no fields must be no error")
	}
	if Is(io.EOF, Internal) {
		t.Error("a plain error is no fault of any kind")
	}
}

func TestWrapKeepsCauseAndOriginal(t *testing.T) {
	base := New(Invalid, "第 %d 行", 3)
	err := base.Wrap(io.EOF)
	if !errors.Is(err, io.EOF) || errors.Is(base, io.EOF) {
		t.Error("Wrap must add the cause to a copy only")
	}
	if got, want := err.Error(), "invalid: 第 3 行: EOF"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	if got := New(Invalid, "100%").Error(); got != "invalid: 100%" {
		t.Errorf("a percent sign without arguments was formatted: %q", got)
	}
}
