package market

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// known takes in a row about a post that is there.
func (x *importing) known(ctx context.Context, row sheet.Row, code string) error {
	old, found, err := x.postOf(ctx, code)
	if err != nil {
		return err
	}
	if !found {
		x.out.Problems.Add(row.Problem(colCode, absentKey, firstRunes(code, MaxLine)))
		return nil
	}
	own := PostPolicy.MaySee(x.by, ActPostUpdate, old)
	was := old.seenBy(x.by)
	if own { // with its contact, which no table shows
		x.s.open(&was)
	}
	next := was
	if next.PostData, err = x.data(ctx, row, &was); err != nil {
		return err
	}
	if cell := tidy(row.Text(colOrg)); own && cell != "" && cell != old.OrgName {
		o, err := x.owner(ctx, row)
		if err != nil || o.ID == "" {
			return err
		}
		next.Org = o.ID
	}
	next.normalise()
	changed := differing(was.PostData, next.PostData)
	switch {
	case len(row.Problems) > 0 || x.out.Problems.InRow(row.Number):
		return nil
	case len(changed) == 0:
		x.out.Same++
		return nil
	case !own: // one of others, which a list holds, too
		x.out.Problems.Add(row.Problem(colCode, absentKey, firstRunes(code, MaxLine)))
		return nil
	}
	return x.change(ctx, row, old, next, changed)
}

// absentKey says of a code that there is no such post, or that it is not the actor's: in the same words.
const absentKey = "没有编号为“%s”的供需，或者您不能修改它"

// postOf finds the post of a code that the actor may know of.
func (x *importing) postOf(ctx context.Context, code string) (Post, bool, error) {
	q := x.s.unit.DB()
	postID, found, err := db.Find(ctx, q, qPostOfCode, db.One[string], strings.ToUpper(code))
	if err != nil || !found {
		return Post{}, false, err
	}
	p, err := x.s.load(ctx, q, x.by, postID)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return Post{}, false, nil
	}
	return p, err == nil && p.Kind == x.in.Kind, err
}

// change notes what a row changes, or puts at its cells why it cannot.
func (x *importing) change(ctx context.Context, row sheet.Row, old, next Post, changed []string) error {
	version := row.Int(colVersion)
	switch {
	case version == 0:
		x.out.Problems.Add(row.Problem(colVersion, "修改已有的供需须有导出时的版本，请重新导出后再改"))
		return nil
	case version != old.Version:
		x.out.Problems.Add(row.Problem(colVersion, "导出后已被修改（导出时为第 %d 版，现为第 %d 版），请重新导出后再改",
			version, old.Version))
		return nil
	}
	if err := x.check(ctx, row, &next, old.State != Draft && old.State != Returned); err != nil ||
		x.out.Problems.InRow(row.Number) {
		return err
	}
	if next.OrgNow != old.OrgNow && PostPolicy.May(x.by, ActPostCreate, next) != nil {
		x.out.Problems.Add(row.Problem(colOrg, "不能改到其他单位名下"))
		return nil
	}
	var err error
	if next.kept, err = x.s.seal(old.ID, &next.PostData, old.kept); err != nil {
		return err
	}
	step, err := x.s.changeable(ctx, x.by, old, next)
	if why, ok := fault.As(err); ok && why.Kind == fault.Conflict {
		for _, c := range changed {
			if c != colBroker && c != colContact && c != colPhone && c != colMail {
				x.out.Problems.Add(row.Problem(c, why.Key, why.Args...))
			}
		}
		return nil
	}
	if err != nil {
		return err
	}
	x.out.Changes++
	line := ImportLine{Row: row.Number, What: LineChange, Code: old.Code, Title: old.Title, State: old.State,
		Review: step == StepRevise}
	if line.Review {
		x.out.Reviews++
	}
	for _, c := range PostSheet(x.in.Kind).Columns {
		if slices.Contains(changed, c.Key) {
			line.Columns = append(line.Columns, c.Title)
		}
	}
	x.line(line)
	x.changes = append(x.changes, postChange{old, next, step})
	return nil
}

// changeable is howToChange with what a trade forbids.
func (s *Service) changeable(ctx context.Context, by authz.Actor, old, next Post) (string, error) {
	step, err := howToChange(by, old, next)
	if err != nil {
		if old.State == Withdrawn || old.State == Closed {
			return "", fault.New(fault.Conflict, "已撤回或关闭的，请先在其页面“重新起草”，再重新导出修改")
		}
		return "", err
	}
	if step == "" {
		return "", s.sameTrade(ctx, s.unit.DB(), old, next)
	}
	held, err := s.heldBy(ctx, s.unit.DB(), old)
	if held != nil && err == nil {
		return "", held
	}
	return step, err
}

// differing are the columns in which two versions of a post differ.
func differing(old, next PostData) []string {
	columns := map[string]string{"needKind": colSort, "resultKind": colSort}
	var out []string
	for name := range changes(old, next) {
		if name != "values" {
			out = append(out, cmp.Or(columns[name], name))
		}
	}
	a, b := old.textCells(), next.textCells()
	for i := range a {
		if strings.HasPrefix(a[i].column, "values.") && *a[i].at != *b[i].at {
			out = append(out, a[i].column)
		}
	}
	for _, c := range []struct{ column, old, next string }{{colContact, old.Contact, next.Contact},
		{colPhone, old.ContactPhone, next.ContactPhone}, {colMail, old.ContactMail, next.ContactMail}} {
		if c.old != c.next {
			out = append(out, c.column)
		}
	}
	slices.Sort(out)
	return out
}

// data is what the cells of a row say. What cannot be read is said at its cell. was is the post that the row
// is about, nil for a new one: what the table has no column for, and lists that say what it says, stay as they
// are, and so does who may see it, where the cell is empty.
func (x *importing) data(ctx context.Context, row sheet.Row, was *Post) (PostData, error) {
	d := PostData{Kind: x.in.Kind}
	if was != nil {
		d = was.PostData
	}
	for _, c := range d.textCells() {
		if x.has[c.column] {
			if *c.at = tidy(row.Text(c.column)); c.prose {
				*c.at = lines(row.Text(c.column))
			}
		}
	}
	for _, c := range d.choiceCells() {
		if x.has[c.column] {
			*c.at = choiceOf(c.choices, row.Choice(c.column))
		}
	}
	if v := choiceOf(Visibilities(), row.Choice(colVisibility)); v != "" {
		d.Visibility = Visibility(v)
	}
	if code := row.Text(colRegion); code != "" {
		d.Region = region.Code(code)
	}
	x.numbers(row, &d)
	x.lists(row, &d)
	for _, c := range []struct {
		column string
		at     *string
	}{{colContact, &d.Contact}, {colPhone, &d.ContactPhone}, {colMail, &d.ContactMail}} {
		if cell := row.Text(c.column); cell != "" {
			*c.at = cell
		}
	}
	if err := x.named(ctx, row, &d); err != nil {
		return d, err
	}
	return d, x.broker(ctx, row, &d)
}

// numbers reads amounts, days and marks.
func (x *importing) numbers(row sheet.Row, d *PostData) {
	if x.has[colPriceLo] {
		d.PriceLoFen = row.Fen(colPriceLo)
	}
	if x.has[colPriceHi] {
		d.PriceHiFen = row.Fen(colPriceHi)
	}
	if x.has[colPriceLo] && row.Text(colPriceHi) == "" {
		d.PriceHiFen = d.PriceLoFen
	}
	if x.has[colTRL] {
		d.TRL = int(row.Int(colTRL))
	}
	if d.Kind == Need {
		if x.has[colDeadline] {
			d.Deadline = row.Date(colDeadline)
		}
		return
	}
	if x.has[colNoticeFrom] {
		d.NoticeFrom = row.Date(colNoticeFrom)
	}
	if x.has[colNoticeTo] {
		d.NoticeTo = row.Date(colNoticeTo)
	}
	if x.has[colPayLater] {
		d.PayLater = row.Bool(colPayLater)
	}
	if x.has[colReady] {
		d.Ready = row.Bool(colReady)
	}
}

// lists reads the cells that hold several things.
func (x *importing) lists(row sheet.Row, d *PostData) {
	if cell := lines(row.Text(colKeywords)); x.has[colKeywords] && cell != listCell(d.Keywords) {
		d.Keywords = splitCell(cell)
	}
	if x.has[colModes] {
		d.Modes = nil
		for _, s := range splitCell(row.Text(colModes)) {
			m := choiceOf(ModeChoices(), s)
			if m == "" {
				x.out.Problems.Add(row.Problem(colModes, "“%s”不在可选值中，可填：%s", firstRunes(s, maxKeyword),
					sheet.Listed(titles(ModeChoices()))))
			}
			d.Modes = append(d.Modes, m)
		}
	}
	if x.has[colParameters] {
		var wrong []string
		d.Parameters, wrong = readLines(row.Text(colParameters), d.Parameters, parameterCell, parseParameter)
		for _, s := range wrong {
			x.out.Problems.Add(row.Problem(colParameters, "“%s”不是指标，请写作 漏检率≤0.5%%", firstRunes(s, MaxLine)))
		}
	}
	if d.Kind == Need {
		return
	}
	if x.has[colRights] {
		var wrong []string
		d.Rights, wrong = readLines(row.Text(colRights), d.Rights, rightCell, parseRight)
		for i := range d.Rights {
			d.Rights[i].Title = cmp.Or(d.Rights[i].Title, d.Title)
		}
		for _, s := range wrong {
			x.out.Problems.Add(row.Problem(colRights, "“%s”里没有能识别的专利号或登记号，也不是 类别|号码|名称|状态|权利人",
				firstRunes(s, MaxLine)))
		}
	}
	if x.has[colProofs] {
		var wrong []string
		d.Proofs, wrong = readProofs(row.Text(colProofs), d.Proofs)
		for _, s := range wrong {
			x.out.Problems.Add(row.Problem(colProofs, "“%s”没有写是哪一级的证明，请写作 TRL 6: 中试报告", firstRunes(s, MaxLine)))
		}
	}
}

// named reads the organisations that a post is for.
func (x *importing) named(ctx context.Context, row sheet.Row, d *PostData) error {
	if !x.has[colNamed] {
		return nil
	}
	names := map[string]string{}
	for _, orgID := range d.Named {
		name, err := x.spelt.org(ctx, orgID)
		if err != nil {
			return err
		}
		names[orgID] = name
	}
	var failed error
	list, wrong := readLines(row.Text(colNamed), d.Named,
		func(orgID string, _ i18n.Lang) string { return names[orgID] },
		func(name string) (string, bool) {
			found, err := x.org(ctx, name)
			if err != nil {
				failed = err
			}
			return found.id, found.id != ""
		})
	for _, name := range wrong {
		if f := x.names[name]; f.key != "" {
			x.out.Problems.Add(row.Problem(colNamed, f.key, f.args...))
		}
	}
	d.Named = list
	return failed
}

// broker reads who looks after a post.
func (x *importing) broker(ctx context.Context, row sheet.Row, d *PostData) error {
	if !x.has[colBroker] {
		return nil
	}
	name := tidy(row.Text(colBroker))
	was, err := x.spelt.person(ctx, d.Broker)
	if err != nil || name == was {
		return err
	}
	if d.Broker = ""; name == "" {
		return nil
	}
	var found []string
	if x.s.brokersNamed != nil {
		if found, err = x.s.brokersNamed(ctx, x.s.unit.DB(), name); err != nil {
			return err
		}
	}
	switch len(found) {
	case 0:
		x.out.Problems.Add(row.Problem(colBroker, "没有找到这位技术经理人"))
	case 1:
		d.Broker = found[0]
	default:
		x.out.Problems.Add(row.Problem(colBroker, "有 %d 位技术经理人叫“%s”，请在供需的页面上选择", len(found), firstRunes(name, MaxLine)))
	}
	return nil
}

// check completes a post and puts what the room says about it at its cells; whole asks for what the editors
// want, too.
func (x *importing) check(ctx context.Context, row sheet.Row, p *Post, whole bool) error {
	var f faults
	p.PostData.check(&f)
	classified(&f, p.PostData)
	if whole {
		p.lacks(&f)
	}
	if x.s.opt.Dict != nil && !f.has("region") && !x.s.opt.Dict.Has(dict.Regions, string(p.Region), "") {
		f.add("region", "行政区划代码 %s 不在现行代码表中", string(p.Region))
	}
	own := map[string]string{"needKind": colSort, "resultKind": colSort}
	for _, c := range PostSheet(x.in.Kind).Columns {
		own[c.Key] = c.Key
	}
	for _, e := range f {
		name, _, _ := strings.Cut(e.Name, ".")
		x.out.Problems.Add(row.Problem(cmp.Or(own[e.Name], own[name], colTitle), e.Key, e.Args...))
	}
	return x.complete(ctx, row, p)
}

// complete notes where the organisations of a post live.
func (x *importing) complete(ctx context.Context, row sheet.Row, p *Post) error {
	o, err := x.orgs.org(ctx, p.Org)
	if fault.Is(err, fault.NotFound) {
		x.out.Problems.Add(row.Problem(colOrg, "主体库中没有这个单位"))
		return nil
	}
	if err != nil {
		return err
	}
	p.OrgNow, p.OrgName, p.namedNow = o.ID, o.Name, nil
	if p.Visibility != Named {
		return nil
	}
	for _, orgID := range p.Named[:min(len(p.Named), MaxNamed)] {
		o, err := x.orgs.org(ctx, orgID)
		if fault.Is(err, fault.NotFound) {
			x.out.Problems.Add(row.Problem(colNamed, "主体库中没有这个单位"))
			return nil
		}
		if err != nil {
			return err
		}
		p.namedNow = append(p.namedNow, o.ID)
	}
	return nil
}
