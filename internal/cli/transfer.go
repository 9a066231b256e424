package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// kinds are what can be imported and exported, by the words of the shell.
var kinds = map[string]string{"orgs": party.ImportOrgs, "people": party.ImportPeople}

func (c *call) imports(args []string) error {
	dry := c.flags.Bool("dry-run", false, c.t("只检查，不写入"))
	mode := c.flags.String("mode", party.ModeSkip, c.t("已有的档案怎么办 `MODE`：skip 跳过，update 补充更新"))
	source := c.flags.String("source", "", c.t("数据来源 `TEXT`，随字段保存；不给则用文件名"))
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) != 2 || kinds[rest[0]] == "" {
		return misused("请写明 orgs 或 people，以及一个文件")
	}
	file, err := os.Open(rest[1])
	if err != nil {
		return err
	}
	defer file.Close()
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if *source == "" {
		*source = filepath.Base(rest[1])
	}
	x, err := c.runImport(a, party.ImportFile{Kind: kinds[rest[0]], Mode: *mode, Source: *source,
		Name: filepath.Base(rest[1]), Content: file}, *dry)
	if err != nil {
		return err
	}
	if *asJSON {
		err = c.json(x)
	} else {
		c.showImport(x)
	}
	if err == nil && x.State != party.ImportDone && !(*dry && x.State == party.ImportReady) {
		err = errSaid
	}
	return err
}

// runImport checks a file and, unless it is a dry run, stores it. The jobs run in this process.
func (c *call) runImport(
	a *app.App, in party.ImportFile, dry bool,
) (party.Import, error) {
	by := operator(authz.Officer)
	ctx, stop := context.WithCancel(c.context())
	worked := make(chan error, 1)
	go func() { worked <- a.Jobs.Run(ctx) }()
	defer func() {
		stop()
		<-worked
	}()
	x, err := a.Party.StartImport(c.context(), by, in)
	if err != nil {
		return x, err
	}
	x, err = c.await(a, by, x, party.ImportChecking, "检查")
	if err != nil || dry || x.State != party.ImportReady {
		return x, err
	}
	if x, err = a.Party.RunImport(c.context(), by, x.ID, x.Version); err != nil {
		return x, err
	}
	return c.await(a, by, x, party.ImportRunning, "写入")
}

// await waits until an import leaves a state. When the command is interrupted the import is
// cancelled, and nothing of it stays.
func (c *call) await(
	a *app.App, by authz.Actor, x party.Import, state, title string,
) (party.Import, error) {
	bar := c.progress(c.t(title))
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for x.State == state {
		select {
		case <-c.ctx.Done():
			_, err := a.Party.CancelImport(context.WithoutCancel(c.context()), by, x.ID)
			return x, errors.Join(c.ctx.Err(), err)
		case <-look.C:
		}
		var err error
		if x, err = a.Party.GetImport(c.context(), by, x.ID); err != nil {
			return x, err
		}
		bar.at(x.Done, x.Total)
	}
	return x, nil
}

func (c *call) showImport(x party.Import) {
	l := c.common.language()
	for _, p := range x.Found.Notices {
		c.say("提示：%s", p.Text(l))
	}
	show := func(list []party.ImportProblem) {
		for _, p := range list {
			switch {
			case p.Row == 0:
				fmt.Fprintf(c.err, "  %s\n", p.Text(l))
			case p.Title == "":
				c.say("  第 %d 行：%s", p.Row, p.Text(l))
			default:
				c.say("  第 %d 行，%s：%s", p.Row, c.t(p.Title), p.Text(l))
			}
		}
	}
	if x.Problems > 0 {
		c.say("有 %d 处问题，没有写入任何内容：", x.Problems)
		show(x.Found.Problems)
	}
	if x.Warnings > 0 {
		c.say("有 %d 处提醒：", x.Warnings)
		show(x.Found.Warnings)
	}
	if x.Message != nil {
		c.say("没有写入任何内容：%s", x.Message.Text(l))
	}
	switch x.State {
	case party.ImportReady:
		c.tell("检查通过：%d 行，将新增 %d，更新 %d，跳过 %d", x.Rows, x.Adds, x.Changes, x.Skips)
	case party.ImportDone:
		c.tell("导入完成：%d 行，新增 %d，更新 %d，跳过 %d", x.Rows, x.Adds, x.Changes, x.Skips)
	}
}

// exportFlags narrow what is exported.
type exportFlags struct {
	format, out, query, kind, region, industry, state *string
}

func (c *call) exports(args []string) error {
	text := func(name, value, usage string) *string { return c.flags.String(name, value, c.t(usage)) }
	f := exportFlags{
		format:   text("format", "xlsx", "格式 `FORMAT`：xlsx、csv 或 json"),
		out:      text("out", "", "写入新文件 `FILE`，不给则写到标准输出"),
		query:    text("query", "", "名称中的文字 `TEXT`"),
		kind:     text("kind", "", "组织类型 `KIND`，如 enterprise"),
		region:   text("region", "", "行政区划代码 `CODE`，含下级"),
		industry: text("industry", "", "行业代码 `CODE`，含下级"),
		state:    text("state", "", "档案状态 `STATE`，如 verified"),
	}
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || kinds[rest[0]] == "" {
		return misused("请写明 orgs 或 people")
	}
	if *f.format != "xlsx" && *f.format != "csv" && *f.format != "json" {
		return misused("不认识的格式“%s”", *f.format)
	}
	a, err := c.existing()
	if err != nil {
		return err
	}
	defer a.Close()
	w, done, err := c.output(*f.out)
	if err != nil {
		return err
	}
	n, err := c.export(a, rest[0], f, w)
	if err = errors.Join(err, done()); err != nil {
		if *f.out != "" {
			err = errors.Join(err, os.Remove(*f.out)) // half a list must not look like a whole one
		}
		return err
	}
	c.say("已导出 %d 行", n)
	return nil
}

func (c *call) export(a *app.App, what string, f exportFlags, w io.Writer) (int, error) {
	by, ctx := operator(authz.Officer), c.context()
	as := party.Export{Format: sheet.Format(*f.format)}
	people := party.PersonFilter{Query: *f.query}
	orgs := party.OrgFilter{Query: *f.query, Kind: *f.kind, Region: region.Code(*f.region),
		Industry: *f.industry, State: *f.state}
	n, enc := 0, json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	row := func(v any) error {
		n++
		return enc.Encode(v)
	}
	switch {
	case what == "people" && *f.format != "json":
		return a.Party.WritePeople(ctx, by, people, "name", as, w)
	case what == "people":
		err := a.Party.ExportPeople(ctx, by, people, "name", func(p party.Person) error { return row(p) })
		return n, err
	case *f.format != "json":
		return a.Party.WriteOrganisations(ctx, by, orgs, "name", as, w)
	default:
		err := a.Party.ExportOrganisations(ctx, by, orgs, "name", func(o party.Org) error { return row(o) })
		return n, err
	}
}
