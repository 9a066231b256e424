package sheet

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// The CSV acid files say in JSON what each must read as.
func TestAcidCSV(t *testing.T) {
	dir := filepath.Join(badInput(t), "csv")
	files, err := filepath.Glob(filepath.Join(dir, "csvs", "*.csv"))
	if err != nil || len(files) != 12 {
		t.Fatalf("found %d files (%v), want 12", len(files), err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".csv")
		t.Run(name, func(t *testing.T) {
			data := mustFile(t, path)
			header, _, _ := strings.Cut(string(data), "\n")
			spec := textSpec(strings.Split(strings.TrimSpace(header), ",")...)
			got := rawRows(t, mustRead(t, path, data, spec), spec)
			if diff := cmp.Diff(acidWant(t, dir, name, spec), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func acidWant(t *testing.T, dir, name string, spec Spec) [][]string {
	data := mustFile(t, filepath.Join(dir, "json", name+".json"))
	var objects []map[string]string
	if name == "location_coordinates" {
		// Its JSON is one object, with a telephone number made anonymous.
		var object map[string]string
		if err := json.Unmarshal(data, &object); err != nil {
			t.Fatal(err)
		}
		object["Contact Phone Number"] = "2095257564"
		objects = append(objects, object)
	} else if err := json.Unmarshal(data, &objects); err != nil {
		t.Fatal(err)
	}
	var want [][]string
	for _, o := range objects {
		var row []string
		for _, c := range spec.Columns {
			row = append(row, o[c.Title])
		}
		want = append(want, row)
	}
	return want
}

func TestCSVShapes(t *testing.T) {
	spec := textSpec("名称", "备注")
	for name, c := range map[string]struct {
		file      string
		delimiter string
		want      [][]string
	}{
		"tabs":                {"名称\t备注\n甲\t一,二\n", "\t", [][]string{{"甲", "一,二"}}},
		"semicolons":          {"名称;备注\r\n甲;1,5\r\n", ";", [][]string{{"甲", "1,5"}}},
		"old Mac line breaks": {"名称,备注\r甲,乙\r丙,丁", ",", [][]string{{"甲", "乙"}, {"丙", "丁"}}},
		"short row":           {"名称,备注\n甲\n", ",", [][]string{{"甲", ""}}},
		"no rows":             {"名称,备注\n", ",", nil},
		"title above header":  {"企业名单,\n\n备注,名称\n乙,甲\n", ",", [][]string{{"甲", "乙"}}},
		"text after a quote":  {"名称,备注\n\"甲\"乙,\"丙\"\n", ",", [][]string{{"甲乙", "丙"}}},
		"quote inside":        {"名称,备注\n甲\"乙\",丙\n", ",", [][]string{{"甲\"乙\"", "丙"}}},
		"blanks are kept":     {"名称,备注\n 甲 , 　\n", ",", [][]string{{" 甲 ", " 　"}}},
		"full-width header":   {"　名 称＊,备注：\n甲,乙\n", ",", [][]string{{"甲", "乙"}}},
	} {
		t.Run(name, func(t *testing.T) {
			table := mustRead(t, "a.csv", []byte(c.file), spec)
			if table.Facts.Delimiter != c.delimiter {
				t.Errorf("delimiter %q, want %q", table.Facts.Delimiter, c.delimiter)
			}
			if diff := cmp.Diff(c.want, rawRows(t, table, spec)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Row numbers are those of a spreadsheet program: blank rows count, line breaks in quotes do not.
func TestCSVRowNumbers(t *testing.T) {
	file := "名称,备注\n甲,\"一\n二\"\n\n,\n乙,\n"
	table := mustRead(t, "a.csv", []byte(file), textSpec("名称", "备注"))
	var numbers []int
	for row := range table.Rows(t.Context(), nil) {
		numbers = append(numbers, row.Number)
	}
	if diff := cmp.Diff([]int{2, 5}, numbers); diff != "" {
		t.Error(diff)
	}
}

func TestCSVRefusals(t *testing.T) {
	spec := textSpec("名称", "备注")
	spec.MaxRows = 3
	long := strings.Repeat("长", MaxCellChars)
	for name, c := range map[string]struct{ file, want string }{
		"open quote":   {"名称,备注\n甲,\"乙\n丙,丁\n", "第 2 行的引号没有成对"},
		"NUL byte":     {"名称,备注\n甲\x00,乙\n", "空字节"},
		"too many":     {"名称\n1\n2\n3\n4\n", "超过 3 行"},
		"too wide":     {"名称\n" + strings.Repeat(",", MaxColumns) + "x\n", "第 2 行超过 50 列"},
		"long cell":    {"名称\n" + long + "长\n", "第 2 行有单元格超过 32767 字"},
		"empty":        {"", "文件是空的"},
		"blank":        {" \r\n \n", "文件是空的"},
		"no header":    {"甲,乙\n丙,丁\n", "没有找到表头"},
		"broken UTF-8": {"名称,备注\n甲,乙\n\xE4\xB8,丙\n", "第 3 行有损坏的字符"},
		"broken BOM":   {"\xEF\xBB\xBF名称\n\xFF\n", "第 2 行有损坏的字符"},
		"UTF-32":       {"\xFF\xFE\x00\x00\x0D\x54\x00\x00", "空字节"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := mustRefuse(t, []byte(c.file), spec); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q in it", got, c.want)
			}
		})
	}
	exact := "名称\n" + long + "\n1\n2\n"
	if n := mustRead(t, "a.csv", []byte(exact), spec).Len(); n != 3 {
		t.Errorf("a file at its limits has %d rows, want 3", n)
	}
}

func TestEncodings(t *testing.T) {
	spec := textSpec("名称", "备注")
	text := "名称,备注\n太原重型机械集团有限公司,煤矿机械；“智能”\n朱镕基,喆堃䶮\n"
	want := [][]string{{"太原重型机械集团有限公司", "煤矿机械；“智能”"}, {"朱镕基", "喆堃䶮"}}
	for _, c := range []struct {
		encoding encoding.Encoding
		said     string
	}{
		{encoding.Nop, "UTF-8"},
		{unicode.UTF8BOM, "UTF-8 BOM"},
		{unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16"},
		{unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "UTF-16"},
		{simplifiedchinese.GB18030, "GB18030"},
	} {
		data, err := c.encoding.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		table := mustRead(t, "a.csv", []byte(data), spec)
		if table.Facts.Encoding != c.said {
			t.Errorf("encoding %s, want %s", table.Facts.Encoding, c.said)
		}
		if got := table.Facts.Notices[0].Text("zh-CN"); got != "按 "+c.said+" 读取" {
			t.Errorf("notice %q", got)
		}
		if diff := cmp.Diff(want, rawRows(t, table, spec)); diff != "" {
			t.Errorf("%s: %s", c.said, diff)
		}
	}
}

// A text in an encoding we do not read must be refused, not stored garbled.
func TestForeignEncodings(t *testing.T) {
	for name, c := range map[string]struct {
		encoding encoding.Encoding
		text     string
	}{
		"Big5":         {traditionalchinese.Big5, "名稱,備註\n臺北市政府資訊局,這是測試的內容\n"},
		"Shift-JIS":    {japanese.ShiftJIS, "名前,備考\n株式会社テスト,これはテストです\n"},
		"Windows-1252": {charmap.Windows1252, "name,note\nMünchner Gerät,Größe übergänge\n"},
	} {
		data, err := c.encoding.NewEncoder().String(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if _, got, refused := decodeText([]byte(data)); refused == nil {
			t.Errorf("%s was read as %s", name, got)
		}
	}
}

func TestLostCharactersAreSaid(t *testing.T) {
	table := mustRead(t, "a.csv", []byte("名称\n太�\n"), textSpec("名称"))
	if got := table.Facts.Notices[0].Text("zh-CN"); !strings.Contains(got, "有 1 个“�”") {
		t.Errorf("notice %q", got)
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"名称,备注\n甲,\"乙\"\"丙\n\"\n", "a\t名称\r\n\r\n1", "\"", "名称;\"", "\uFEFF名称\r'=1",
	} {
		f.Add([]byte(seed))
	}
	spec := textSpec("名称", "备注")
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Read(t.Context(), "a.csv", strings.NewReader(string(data)), spec)
		if err != nil {
			words(t, err)
			return
		}
		last := table.Facts.HeaderRow
		for row, err := range table.Rows(t.Context(), nil) {
			if err != nil || row.Number <= last {
				t.Fatalf("row %d after %d: %v", row.Number, last, err)
			}
			last = row.Number
		}
	})
}

// Whatever the bytes are, decoded text is UTF-8 without NUL, and reading our own encoding of it
// gives it back.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("名称"))
	f.Add([]byte("\xC3\xFB\xB3\xC6,\xB1\xB8\xD7\xA2"))
	f.Add([]byte("\xFF\xFE\x0D\x54"))
	f.Add([]byte("M\xFCnchen"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, _, refused := decodeText(data)
		if refused != nil {
			return
		}
		if strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
			t.Fatalf("%q is no clean text", text)
		}
		if strings.HasPrefix(text, "\uFEFF") {
			return // a second byte order mark
		}
		again, name, refused := decodeText([]byte(text))
		if refused != nil || name != "UTF-8" || again != text {
			t.Errorf("%q reads as %q in %s (%v)", text, again, name, refused)
		}
	})
}
