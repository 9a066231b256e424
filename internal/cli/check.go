package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/db"
)

// finding is the result of one check.
type finding struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	Text  string `json:"text"`
	Do    string `json:"do,omitempty"` // what to do about it
}

func (c *call) check(args []string) error {
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
	if err := c.none(args); err != nil {
		return err
	}
	var err error
	findings := c.findings()
	bad := 0
	for _, f := range findings {
		if !f.OK {
			bad++
		}
	}
	if *asJSON {
		err = c.json(findings)
	} else {
		c.showFindings(findings)
	}
	if err == nil && bad > 0 {
		c.say("%d 项检查中有 %d 项未通过", len(findings), bad)
		err = errSaid
	}
	return err
}

func (c *call) showFindings(findings []finding) {
	for _, f := range findings {
		mark := "ok  "
		if !f.OK {
			mark = "FAIL"
		}
		fmt.Fprintf(c.out, "%s  %-10s %s\n", mark, f.Check, f.Text)
		if f.Do != "" {
			fmt.Fprintf(c.out, "      → %s\n", f.Do)
		}
	}
}

// findings runs the checks in order and stops where the rest would make no sense.
func (c *call) findings() []finding {
	cfg, err := c.load()
	if err != nil {
		return []finding{{"settings", false, err.Error(), c.t("全部配置项与默认值：yuntu help settings")}}
	}
	out := []finding{{"settings", true, c.t("配置项都认识且有效"), ""}, c.checkDir(cfg)}
	if cfg.Server.TLSCert != "" {
		tls := finding{"tls", true, c.t("证书与密钥可以使用"), ""}
		if err := app.CheckTLS(cfg); err != nil {
			tls = finding{"tls", false, err.Error(), c.t("请检查证书与密钥两个文件，以及能否读取它们")}
		}
		out = append(out, tls)
	}
	url, err := cfg.DatabaseURL()
	if err != nil {
		return append(out, finding{"database", false, err.Error(), c.t("请检查 database.url_file")})
	}
	d, err := db.Open(c.ctx, db.Options{URL: url})
	if err != nil {
		return append(out, finding{"database", false, err.Error(),
			c.t("请检查 database.url，以及数据库是否在运行、是否允许此用户连接")})
	}
	defer d.Close()
	out = append(out, finding{"database", true, c.t("%s 有应答", d.Dialect().String()), ""})
	step := c.checkSchema(d)
	if out = append(out, step); !step.OK {
		return out
	}
	return append(out, c.checkHouse(cfg)...)
}

func (c *call) checkDir(cfg config.Config) finding {
	if err := os.MkdirAll(cfg.Data.Dir, 0o700); err != nil {
		return finding{"files", false, err.Error(), c.t("请建立该目录，或设置 data.dir")}
	}
	probe, err := os.CreateTemp(cfg.Data.Dir, ".probe-*")
	if err != nil {
		return finding{"files", false, err.Error(), c.t("请让当前用户可以写入该目录")}
	}
	probe.Close()
	os.Remove(probe.Name())
	dir, err := filepath.Abs(cfg.Data.Dir)
	if err != nil {
		dir = cfg.Data.Dir
	}
	return finding{"files", true, c.t("%s 可以写入", dir), ""}
}

func (c *call) checkSchema(d *db.DB) finding {
	missing, err := d.Pending(c.ctx)
	if err != nil {
		return finding{"schema", false, err.Error(), c.t("请使用更新的程序，或恢复备份")}
	}
	if len(missing) > 0 {
		return finding{"schema", false, c.t("缺少 %d 个步骤", len(missing)),
			c.t("请运行：yuntu migrate")}
	}
	return finding{"schema", true, c.t("结构是最新的"), ""}
}

func (c *call) checkHouse(cfg config.Config) []finding {
	a, err := app.Open(c.context(), cfg, logger(c.err, cfg))
	if err != nil {
		return []finding{{"house", false, err.Error(), ""}}
	}
	defer a.Close()
	proof, err := audit.VerifyDB(c.ctx, a.DB)
	if err != nil {
		return []finding{{"audit", false, err.Error(),
			c.t("请把数据库留作证据，恢复备份，并通知审计管理员")}}
	}
	return []finding{{"audit", true, c.t("%d 条记录，审计链完整", proof.Count), ""}}
}
