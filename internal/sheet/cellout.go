package sheet

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
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
// in the language of ctx. A number that Excel cannot hold exactly becomes text; NaN and infinity
// are empty. A type that Write does not name is an error.
func render(ctx context.Context, c Column, v any) (out, error) {
	switch v := v.(type) {
	case nil:
		return out{}, nil
	case bool:
		if v {
			return out{text: i18n.T(ctx, "是")}, nil
		}
		return out{text: i18n.T(ctx, "否")}, nil
	case time.Time:
		return out{text: v.In(clock.Shanghai).Format(time.DateTime)}, nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return out{}, nil
		}
		return out{outNumber, decimalText(v)}, nil
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return renderInt(c, value.Int()), nil
	case reflect.String:
		return renderString(ctx, c, value.String()), nil
	}
	return out{}, fmt.Errorf("column %s: a value of type %T cannot be written", c.Key, v)
}

func renderInt(c Column, n int64) out {
	text := strconv.FormatInt(n, 10)
	if c.Kind == Money {
		text = fenText(money.Fen(n), c.Unit)
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
