package report

import (
	"context"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/docx"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// FigurePath is the page of a figure.
func FigurePath(reportID string, n int64) string {
	return "/reports/" + reportID + "/figures/" + strconv.FormatInt(n, 10)
}

// maxHeading bounds a line that may be a heading, in characters.
const maxHeading = 24

// isHeading says whether a line is one of the headings of a bulletin: 一、指标进展情况.
func isHeading(line string) bool {
	r := []rune(line)
	return len(r) > 2 && len(r) <= maxHeading && r[1] == '、' && strings.ContainsRune(numerals, r[0]) &&
		!strings.HasSuffix(line, period)
}

// Blocks are the paragraphs of a report with a link behind each number, and the table of districts.
// Pieces that are marked are in bold.
func (d Detail) Blocks(ctx context.Context) []docx.Block {
	var out []docx.Block
	runs := []docx.Run{}
	end := func() {
		text := ""
		for _, r := range runs {
			text += r.Text
		}
		switch {
		case text == "":
		case isHeading(text):
			out = append(out, docx.Heading(1, text))
		default:
			out = append(out, docx.Text(runs...))
		}
		runs = []docx.Run{}
	}
	for _, p := range d.Pieces {
		for i, line := range strings.Split(p.Text, "\n") {
			if i > 0 {
				end()
			}
			r := docx.Run{Text: line, Bold: p.Mark != ""}
			if p.N > 0 {
				r.Href = FigurePath(d.ID, p.N)
			}
			if line != "" {
				runs = append(runs, r)
			}
		}
	}
	end()
	if t := d.placeTable(ctx); t != nil {
		out = append(out, docx.Block{Table: t})
	}
	return out
}

// placeTable shows the districts, those that reported nothing too.
func (d Detail) placeTable(ctx context.Context) *docx.Table {
	if len(d.Places) == 0 {
		return nil
	}
	name := ""
	for _, p := range d.Places {
		if p.Figure != nil {
			name = p.Figure.Name
		}
	}
	for _, f := range d.Figures {
		if f.Part == PartPlaces {
			name = f.Name
		}
	}
	t := &docx.Table{Caption: i18n.T(ctx, "分县区进展"), Head: []string{i18n.T(ctx, "县区"), name},
		Widths: []int{40, 60}}
	if name == "" {
		t.Head[1] = i18n.T(ctx, "数值")
	}
	for _, p := range d.Places {
		cell := docx.Run{Text: p.Shown}
		if p.Shown == "" {
			cell.Text = i18n.T(ctx, "未报")
		}
		if p.N > 0 {
			cell.Href = FigurePath(d.ID, p.N)
		}
		t.Rows = append(t.Rows, []docx.Run{{Text: p.Name}, cell})
	}
	return t
}

// Paper returns a report as a document for paper.
func (s *Service) Paper(ctx context.Context, by authz.Actor, reportID string) (docx.Document, error) {
	d, err := s.GetReport(ctx, by, reportID)
	if err != nil {
		return docx.Document{}, err
	}
	out := docx.Document{Title: d.Title, Blocks: d.Blocks(ctx), Subject: d.Code,
		Date: i18n.DateLong(i18n.From(ctx), d.Day)}
	if s.opt.Issuer != nil {
		out.Issuer = s.opt.Issuer()
	}
	if d.State != StatePublished {
		out.Number = i18n.T(ctx, "草稿，尚未发布")
	}
	return out, nil
}
