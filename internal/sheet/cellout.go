package sheet

import (
	"context"
	"reflect"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// outKind says how a written cell behaves in a spreadsheet program.
type outKind uint8

const (
	outText outKind = iota
	outNumber
	outDate
)

// out is a value on its way into a file.
type out struct {
	kind outKind
	text string
}

// render turns a value of a row into a cell. Strings of a Choice column are i18n keys and come out
// in the language of ctx. A number that Excel cannot hold exactly becomes text.
func render(ctx context.Context, c Column, v any) out {
	switch v := v.(type) {
	case nil:
		return out{}
	case bool:
		if v {
			return out{text: i18n.T(ctx, "是")}
		}
		return out{text: i18n.T(ctx, "否")}
	case time.Time:
		return out{text: v.In(clock.Shanghai).Format(time.DateTime)}
	case float64:
		return out{outNumber, decimalText(v)}
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return renderInt(c, value.Int())
	case reflect.String:
		return renderString(ctx, c, value.String())
	}
	panic("sheet: column " + c.Key + " got a value of a type that is not written")
}

func renderInt(c Column, n int64) out {
	text := strconv.FormatInt(n, 10)
	if c.Kind == Money {
		text = fenText(n, c.UnitFen)
	}
	if len(text) > 15 {
		return out{text: text}
	}
	return out{outNumber, text}
}

func renderString(ctx context.Context, c Column, s string) out {
	s = Clean(s)
	switch c.Kind {
	case Choice:
		return out{text: i18n.T(ctx, s)}
	case Date:
		if clock.Date(s).Valid() {
			return out{outDate, s}
		}
	}
	return out{text: s}
}
