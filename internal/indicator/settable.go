package indicator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

func itemPlace(group, item int) string { return fmt.Sprintf("groups.%d.items.%d.", group, item) }

// readSetSheet reads a set out of a table. Groups come in the order of their first rows.
func readSetSheet(ctx context.Context, in SetImport, out *SetOutcome) (SetFile, error) {
	file := SetFile{Code: in.Code, Name: in.SetData.Name, Year: in.Year, Label: in.Label,
		Source: in.Source, Note: in.Note}
	table, err := sheet.Read(ctx, in.Name, in.File, SetSheet())
	if err != nil {
		return file, err
	}
	twice := sheet.NewDuplicates("name")
	for row, err := range table.Rows(ctx, nil) {
		if err != nil {
			return file, err
		}
		out.Problems.Add(row.Problems...)
		if p, again := twice.Check(row); again {
			out.Problems.Add(p)
		}
		for _, column := range []string{"groupWeight", "weight", "floor", "ceiling", colJumpLimit} {
			if _, ok := plan.ParseDecimal(row.Text(column)); row.Text(column) != "" && !ok {
				out.Problems.Add(row.Problem(column, "应为数字，整数最多 %d 位，小数最多 %d 位", 18, 8))
			}
		}
		i := slices.IndexFunc(file.Groups, func(g FileGroup) bool { return g.Name == row.Text("group") })
		if i < 0 {
			i = len(file.Groups)
			file.Groups = append(file.Groups, FileGroup{Name: row.Text("group"),
				Weight: plainDecimal(plan.Decimal(row.Text("groupWeight"))),
				Mark:   valueOf(Marks(), row.Choice("groupMark")), Source: row.Text("groupSource")})
		}
		file.Groups[i].Items = append(file.Groups[i].Items, itemOf(row))
	}
	return file, nil
}

func itemOf(row sheet.Row) FileItem {
	x := FileItem{Name: row.Text("name"), Title: row.Text("title"), Unit: row.Text(colUnit),
		Direction: valueOf(plan.Directions(), row.Choice("direction")), Additive: row.Bool("additive"),
		Weight: plainDecimal(plan.Decimal(row.Text("weight"))), Note: row.Text(colNote),
		Mark: valueOf(Marks(), row.Choice("mark")), Kind: valueOf(Kinds(), row.Choice("kind")),
		Frequency: valueOf(Frequencies(), row.Choice("frequency")), Cumulative: row.Bool("cumulative"),
		Text: row.Text("text"), Formula: row.Text("formula"), DueDays: row.Int("dueDays"),
		DueTime: row.Text("dueTime"), Owner: row.Text("owner"), Floor: plan.Decimal(row.Text("floor")),
		Ceiling: plan.Decimal(row.Text("ceiling")), Jump: plan.Decimal(row.Text(colJumpLimit)),
		Continues: row.Bool("continues")}
	if row.Text("places") != "" {
		places := row.Int("places")
		x.Places = &places
	}
	return x
}

// EditionRef names an edition of a set by its number, 0 for the one in force today, or the latest one when none is.
type EditionRef struct {
	Set string
	N   int64
}

// WriteSet writes an edition of a set as a table in the form of SetSheet.
func (s *Service) WriteSet(
	ctx context.Context, by authz.Actor, ref EditionRef, e Export, w io.Writer,
) (int, error) {
	file, err := s.fileFor(ctx, by, ref)
	if err != nil {
		return 0, err
	}
	rows := func(yield func([]any, error) bool) {
		for _, g := range file.Groups {
			for _, x := range g.Items {
				ok := yield([]any{g.Name, number(g.Weight), plan.TitleOf(Marks(), g.Mark), g.Source, x.Name,
					x.Title, x.Unit, plan.TitleOf(plan.Directions(), x.Direction), x.Additive,
					number(x.Weight), plan.TitleOf(Marks(), x.Mark), plan.TitleOf(Kinds(), x.Kind),
					plan.TitleOf(Frequencies(), x.Frequency), x.Cumulative, x.places(), x.Text, x.Formula, x.DueDays,
					x.DueTime, x.Owner, number(x.Floor), number(x.Ceiling), number(x.Jump), x.Continues, x.Note}, nil)
				if !ok {
					return
				}
			}
		}
	}
	return s.write(ctx, by, "indicator.WriteSet", kindSet, "指标体系", file.Code, e, SetSheet(), w, rows)
}

// fileFor is the edition of a set that is asked for.
func (s *Service) fileFor(ctx context.Context, by authz.Actor, ref EditionRef) (SetFile, error) {
	q := s.unit.DB()
	if err := SetPolicy.May(by, ActSetRead, Set{}); err != nil {
		return SetFile{}, err
	}
	if ref.N == 0 {
		if _, err := s.setByID(ctx, q, ref.Set); err != nil {
			return SetFile{}, err
		}
		list, err := db.All(ctx, q, qEditionsOf, scanEdition, ref.Set)
		if err != nil {
			return SetFile{}, err
		}
		if i := slices.IndexFunc(list, func(e Edition) bool { return e.Holds(s.today()) }); i >= 0 {
			return s.fileOf(ctx, q, list[i], s.today())
		}
		e, found := latestOf(list)
		if !found {
			return SetFile{}, fault.New(fault.NotFound, "这个体系还没有定版")
		}
		return s.fileOf(ctx, q, e, "")
	}
	e, err := s.editionOf(ctx, q, by, ref)
	if err != nil {
		return SetFile{}, err
	}
	return s.editionFile(ctx, q, e)
}

// WriteSetFile writes an edition of a set as a set file, which ReadSetFile reads.
func (s *Service) WriteSetFile(ctx context.Context, by authz.Actor, ref EditionRef, w io.Writer) error {
	file, err := s.fileFor(ctx, by, ref)
	if err != nil {
		return err
	}
	text, err := file.yaml()
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	return s.unit.Write(ctx, by, "indicator.WriteSetFile", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindSet, Object: ref.Set, What: "export",
			Detail: map[string]any{"edition": ref.N}})
		return nil
	})
}

// yaml writes a set file with its names in the order of the types: JSON keeps it, and is YAML, so its
// nodes are read back and only their style is changed.
func (s SetFile) yaml() ([]byte, error) {
	asJSON, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	var node yaml.Node
	if err := yaml.Unmarshal(asJSON, &node); err != nil {
		return nil, err
	}
	plainStyle(&node)
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(&node); err != nil {
		return nil, err
	}
	return out.Bytes(), e.Close()
}

// plainStyle writes maps and lists as blocks, texts without quotes where they may be, and exact numbers as
// numbers.
func plainStyle(n *yaml.Node) {
	n.Style &^= yaml.FlowStyle | yaml.DoubleQuotedStyle
	if n.Kind == yaml.ScalarNode && n.Tag == "!!str" {
		n.Style = 0
		n.SetString(n.Value)
	}
	for i, c := range n.Content {
		plainStyle(c)
		if n.Kind == yaml.MappingNode && i%2 == 1 && slices.Contains(numberNames, n.Content[i-1].Value) {
			c.Tag, c.Style = "!!int", 0
			if strings.Contains(c.Value, ".") {
				c.Tag = "!!float"
			}
		}
	}
}
