package dict

import (
	"context"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Limits of an edition.
const (
	maxItems  = sheet.MaxRows
	maxDepth  = 10  // levels of a tree
	maxCode   = 32  // characters of a code
	maxName   = 100 // characters of a name
	maxTitle  = 60
	maxSource = 200
)

var (
	listForm    = regexp.MustCompile(`^[a-z][a-z0-9.-]{1,39}$`)
	editionForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$`)
	codeForm    = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.-]*$`)
)

// NewEdition is a new edition of a list, or the first of a new list. Title may be empty when the
// list exists: it then keeps its title.
type NewEdition struct {
	List    ListID
	Edition string
	Title   string
	Source  string
	From    clock.Date
	Rows    []ItemRow
}

// ItemRow is an item with the number of the row it came from, for the messages.
type ItemRow struct {
	Number int
	Item   Item
}

// Import stores a new edition whole, or not at all. The rows may come in any order; it becomes the
// order of the list, so parents are expected before their children. Errors: Invalid with a field
// for every cell that is wrong (no code twice, every parent there, no circle, the form that the
// list's codes have), Conflict when the edition or its first day is taken, Forbidden.
func (s *Service) Import(ctx context.Context, by authz.Actor, in NewEdition) (Edition, error) {
	if err := Policy.May(by, ActWrite, in.List); err != nil {
		return Edition{}, err
	}
	if err := s.check(&in); err != nil {
		return Edition{}, err
	}
	if err := CheckItems(ctx, in.List, in.Rows); err != nil {
		return Edition{}, err
	}
	items := make([]Item, len(in.Rows))
	for i, r := range in.Rows {
		items[i] = r.Item
	}
	e := Edition{List: in.List, Edition: in.Edition, Title: in.Title, Source: in.Source,
		From: in.From, Items: int64(len(items))}
	err := s.unit.Write(ctx, by, "dict.Import", func(tx *unit.Tx) error {
		added, err := addEdition(ctx, tx, e, items)
		if err != nil {
			return err
		}
		if !added {
			return fault.New(fault.Conflict, "该字典已有版本 %s，或已有从 %s 起生效的版本",
				e.Edition, string(e.From))
		}
		e.LoadedUs = tx.NowUs()
		recordEdition(tx, "import", e)
		return nil
	})
	if err != nil {
		return Edition{}, err
	}
	return e, s.Reload(ctx)
}

// check checks what is said about the edition, and takes the title of an existing list.
func (s *Service) check(in *NewEdition) error {
	var wrong []fault.Field
	if !listForm.MatchString(string(in.List)) {
		wrong = append(wrong, fault.At("list", "字典代号应以小写字母开头，由小写字母、数字、点和横线组成，2 至 40 位"))
	}
	if !editionForm.MatchString(in.Edition) {
		wrong = append(wrong, fault.At("edition", "版本号应由字母、数字、点和横线组成，最多 20 位"))
	}
	if !in.From.Valid() {
		wrong = append(wrong, fault.At("from", "日期应为真实的日期，如 2026-11-22"))
	}
	in.Title, in.Source = strings.TrimSpace(in.Title), strings.TrimSpace(in.Source)
	if e := s.now.Load().inForce(in.List, ""); in.Title == "" && e != nil {
		in.Title = e.Title
	}
	for _, f := range []struct {
		name, value string
		most        int
	}{{"title", in.Title, maxTitle}, {"source", in.Source, maxSource}} {
		if n := utf8.RuneCountInString(f.value); n == 0 || n > f.most {
			wrong = append(wrong, fault.At(f.name, "必填，最多 %d 个字", f.most))
		}
	}
	return fault.Fields(wrong...)
}

// CheckItems checks the rows of an edition, for a dry run too. The error is a fault.Invalid with a
// field for every problem, in the language of ctx, as sheet.Problems makes it.
func CheckItems(ctx context.Context, list ListID, rows []ItemRow) error {
	if len(rows) == 0 {
		return fault.Fields(fault.At(sheet.FieldFile, "没有可导入的数据行"))
	}
	if len(rows) > maxItems {
		return fault.Fields(fault.At(sheet.FieldFile, "一个版本最多 %d 项", maxItems))
	}
	problems := itemProblems(list, rows)
	return problems.Err(ctx)
}

// itemProblems says what is wrong with the rows of an edition, taken together.
func itemProblems(list ListID, rows []ItemRow) sheet.Problems {
	var problems sheet.Problems
	first := make(map[string]int, len(rows)) // code to its row
	parents := make(map[string]string, len(rows))
	for _, r := range rows {
		if at, seen := first[r.Item.Code]; seen {
			problems.Add(problemAt(r, columnCode, "与第 %d 行重复", at))
			continue
		}
		first[r.Item.Code] = r.Number
		parents[r.Item.Code] = r.Item.Parent
	}
	for _, r := range rows {
		checkItem(&problems, list, r)
		if _, known := first[r.Item.Parent]; !known && r.Item.Parent != "" {
			problems.Add(problemAt(r, columnParent, "上级代码 %s 不在本表中", r.Item.Parent))
		} else if !reachesTop(parents, r.Item.Code) {
			problems.Add(problemAt(r, columnParent, "上级代码成环，或超过 %d 级", maxDepth))
		}
	}
	return problems
}

// Report checks the table of an edition as a dry run does, and writes its rows as XLSX with a
// column in front that says what is wrong in each, for correcting and sending again. Nothing is
// kept. It returns how many problems there are; with none it writes nothing.
func (s *Service) Report(
	ctx context.Context, by authz.Actor, list ListID, t *sheet.Table, w io.Writer,
) (int, error) {
	if err := Policy.May(by, ActWrite, list); err != nil {
		return 0, err
	}
	rows, problems, err := readItems(ctx, t)
	if err != nil {
		return 0, err
	}
	if problems.Total == 0 {
		if len(rows) == 0 || len(rows) > maxItems {
			return 0, CheckItems(ctx, list, rows) // of the file as a whole: no row to say it at
		}
		problems = itemProblems(list, rows)
	}
	if problems.Total == 0 {
		return 0, nil
	}
	meta := sheet.Meta{Title: i18n.T(ctx, "导入问题清单"), By: by.Login, At: s.unit.Clock().Now(),
		Filter: string(list)}
	return problems.Total, t.Report(ctx, w, &problems, meta)
}

// reachesTop reports whether going up from code ends at the top, or at a parent that is missing,
// within maxDepth levels.
func reachesTop(parents map[string]string, code string) bool {
	for range maxDepth {
		parent, known := parents[code]
		if !known || parent == "" {
			return true
		}
		code = parent
	}
	return false
}

// checkItem checks one row by itself.
func checkItem(problems *sheet.Problems, list ListID, r ItemRow) {
	it := r.Item
	switch {
	case len(it.Code) > maxCode || !codeForm.MatchString(it.Code):
		problems.Add(problemAt(r, columnCode, "代码应由字母、数字、点和横线组成，最多 %d 位", maxCode))
	case !inForm(list, it.Code):
		problems.Add(problemAt(r, columnCode, "代码 %s 不符合该字典的编码规则", it.Code))
	case parentByForm(list, it.Code) != it.Parent && hasForm(list):
		problems.Add(problemAt(r, columnParent, "按编码规则，%s 的上级代码应为“%s”", it.Code,
			parentByForm(list, it.Code)))
	}
	if n := utf8.RuneCountInString(it.Name); n == 0 || n > maxName ||
		strings.ContainsFunc(it.Name, func(c rune) bool { return c < ' ' }) {
		problems.Add(problemAt(r, columnName, "名称必填，最多 %d 个字，不能换行", maxName))
	}
	if it.Kind != "" && it.Kind != Statistical && it.Kind != Group {
		problems.Add(problemAt(r, columnKind, "没有“%s”这个类别", string(it.Kind)))
	}
}

// industryForm is a code of GB/T 4754: section letter, division, group and class.
var industryForm = regexp.MustCompile(`^[A-T]([0-9]{2}[0-9]?[0-9]?)?$`)

func hasForm(list ListID) bool { return list == Regions || list == Industries }

// inForm reports whether a code has the form that the standard of the list lays down.
func inForm(list ListID, code string) bool {
	switch list {
	case Regions:
		c, err := region.Parse(code)
		return err == nil && string(c) == code
	case Industries:
		return industryForm.MatchString(code)
	default:
		return true
	}
}

// parentByForm returns the parent that a code of a standard has by its form.
func parentByForm(list ListID, code string) string {
	switch {
	case list == Regions:
		return string(region.Code(code).Parent())
	case list == Industries && len(code) == len("A01"):
		return code[:1]
	case list == Industries && len(code) > len("A01"):
		return code[:len(code)-1]
	default:
		return ""
	}
}
