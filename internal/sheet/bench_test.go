package sheet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/yuntu-city/yuntu/internal/money"
)

const (
	benchRows    = 10_000
	benchColumns = 20
)

// benchTable returns a table of the size the import must manage, and its rows.
func benchTable() (Spec, func(yield func([]any, error) bool)) {
	spec := Spec{Name: "bench", Title: "基准"}
	for i := range benchColumns {
		kind := []Kind{Code, Text, Integer, Money, Date}[i%5]
		spec.Columns = append(spec.Columns,
			Column{Key: fmt.Sprint("c", i), Title: fmt.Sprint("列", i), Kind: kind,
				Unit: money.Wan})
	}
	return spec, func(yield func([]any, error) bool) {
		for n := range benchRows {
			row := make([]any, benchColumns)
			for i := range row {
				switch i % 5 {
				case 0:
					row[i] = fmt.Sprintf("9114010%011d", n*7919+i)
				case 1:
					row[i] = fmt.Sprintf("太原市第%d精密制造有限公司（%d）", n, i)
				case 2:
					row[i] = n * i
				case 3:
					row[i] = int64(n) * 1_234_500
				case 4:
					row[i] = fmt.Sprintf("20%02d-%02d-%02d", n%30, 1+n%12, 1+n%28)
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func benchFile(b *testing.B, f Format) (Spec, []byte) {
	spec, rows := benchTable()
	var file bytes.Buffer
	if _, err := Write(context.Background(), &file, f, spec, rows, testMeta); err != nil {
		b.Fatal(err)
	}
	return spec, file.Bytes()
}

// reportPeak runs f and reports the most memory the process ever held while it ran (Linux).
func reportPeak(b *testing.B, f func()) {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	f()
	status, _ := os.ReadFile("/proc/self/status")
	var kB float64
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kB); err == nil {
			b.ReportMetric(kB/1024, "peak-MB")
		}
	}
}

// readAll reads a file and checks each cell of each row, as a dry run does.
func readAll(b *testing.B, data []byte, spec Spec) {
	table, err := Read(context.Background(), "a", bytes.NewReader(data), spec)
	if err != nil {
		b.Fatal(err)
	}
	seen := NewDuplicates("c0")
	for row, err := range table.Rows(context.Background(), nil) {
		if err != nil || len(row.Problems) > 0 {
			b.Fatal(err, row.Problems)
		}
		if p, found := seen.Check(row); found {
			b.Fatal(p)
		}
	}
	if table.Len() != benchRows {
		b.Fatalf("%d rows", table.Len())
	}
}

// BenchmarkRead reads and checks 10,000 rows of 20 columns. The excelize line is the baseline: its
// row iterator over the same file, which checks nothing and loses the types of the cells.
func BenchmarkRead(b *testing.B) {
	for _, f := range bothFormats {
		b.Run(string(f), func(b *testing.B) {
			spec, data := benchFile(b, f)
			b.ReportAllocs()
			reportPeak(b, func() {
				for b.Loop() {
					readAll(b, data, spec)
				}
			})
		})
	}
	b.Run("excelize", func(b *testing.B) {
		_, data := benchFile(b, XLSX)
		b.ReportAllocs()
		reportPeak(b, func() {
			for b.Loop() {
				excelizeRows(b, data)
			}
		})
	})
}

func excelizeRows(b *testing.B, data []byte) {
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows("基准")
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for rows.Next() {
		if _, err := rows.Columns(excelize.Options{RawCellValue: true}); err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n != benchRows+1 {
		b.Fatalf("%d rows", n)
	}
}

// BenchmarkWrite writes the same table.
func BenchmarkWrite(b *testing.B) {
	spec, rows := benchTable()
	for _, f := range bothFormats {
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			reportPeak(b, func() {
				for b.Loop() {
					if _, err := Write(context.Background(), io.Discard, f, spec, rows,
						testMeta); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkReadAtLimits reads the worst file that is still accepted: all rows and columns, with as
// much text as MaxFileBytes lets through, nothing shared.
func BenchmarkReadAtLimits(b *testing.B) {
	var titles []string
	row := make([]string, MaxColumns)
	for i := range MaxColumns {
		titles = append(titles, fmt.Sprint("列", i))
	}
	rows := [][]string{titles}
	for n := range MaxRows {
		for i := range row {
			row[i] = fmt.Sprint(n*i, "甲")
		}
		rows = append(rows, append([]string{}, row...))
	}
	data := xlsx(b, compactXML(rows))
	spec := textSpec(titles...)
	rows = nil
	reportPeak(b, func() {
		for b.Loop() {
			if n := mustRead(b, "a.xlsx", data, spec).Len(); n != MaxRows {
				b.Fatalf("%d rows", n)
			}
		}
	})
}

// compactXML is rowsXML with as little around each text as the format allows.
func compactXML(rows [][]string) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString("<row>")
		for _, text := range row {
			b.WriteString(`<c t="str"><v>` + text + `</v></c>`)
		}
		b.WriteString("</row>")
	}
	return sheetXML(b.String())
}

// BenchmarkHostile reads files that are refused, or hold nothing, after as much work and memory as
// the limits allow.
func BenchmarkHostile(b *testing.B) {
	digits := make([]byte, 300<<10)
	source := rand.New(rand.NewPCG(1, 2))
	for i := range digits {
		digits[i] = byte('0' + source.IntN(2))
	}
	comment := strings.Repeat("<"+string(digits), 210) // 63 MB
	runs := strings.Repeat("<r><t>"+string(digits)+"</t></r>", 210)
	files := map[string][]byte{
		"comment": xlsx(b, "<worksheet><!--"+comment+"--></worksheet>"),
		"string": xlsx(b, rowsXML([]string{"a"}),
			part{"xl/sharedStrings.xml", "<sst><si>" + runs + "</si></sst>"}),
	}
	comment, runs = "", ""
	for name, data := range files {
		b.Run(name, func(b *testing.B) {
			reportPeak(b, func() {
				for b.Loop() {
					_, _ = Read(b.Context(), "a", bytes.NewReader(data), textSpec("a"))
				}
			})
		})
	}
}
