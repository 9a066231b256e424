package cli

import (
	"errors"
	"io"
	"os"

	"github.com/yuntu-city/yuntu/internal/audit"
)

func (c *call) audit(args []string) error {
	after := c.flags.Int64("after", 0, c.t("只导出编号大于 `N` 的记录"))
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
	out := c.flags.String("out", "", c.t("写入新文件 `FILE`，不给则写到标准输出"))
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	switch {
	case len(rest) == 1 && rest[0] == "export":
		return c.auditExport(*out, *after)
	case len(rest) == 1 && rest[0] == "verify":
		return c.auditVerifyDatabase(*asJSON)
	case len(rest) == 2 && rest[0] == "verify":
		return c.auditVerifyFile(rest[1], *asJSON)
	default:
		return misused("请写明 export 或 verify")
	}
}

func (c *call) auditExport(out string, after int64) error {
	a, err := c.existing()
	if err != nil {
		return err
	}
	defer a.Close()
	w, done, err := c.output(out)
	if err != nil {
		return err
	}
	n, err := audit.Export(c.ctx, a.DB, w, after)
	if err := errors.Join(err, done()); err != nil {
		return err
	}
	c.say("已导出 %d 条记录", n)
	return nil
}

// output opens a new file, or standard output for "". It never overwrites.
func (c *call) output(path string) (io.Writer, func() error, error) {
	if path == "" {
		return c.out, func() error { return nil }, nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, nil, withHint(err, "请换一个文件名：不覆盖已有文件")
	}
	if err != nil {
		return nil, nil, err
	}
	return f, func() error { return errors.Join(f.Sync(), f.Close()) }, nil
}

func (c *call) auditVerifyFile(path string, asJSON bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	proof, err := audit.VerifyFile(f)
	return c.proof(proof, err, asJSON)
}

func (c *call) auditVerifyDatabase(asJSON bool) error {
	a, err := c.existing()
	if err != nil {
		return err
	}
	defer a.Close()
	proof, err := audit.VerifyDB(c.ctx, a.DB)
	return c.proof(proof, err, asJSON)
}

func (c *call) proof(p audit.Proof, err error, asJSON bool) error {
	if err != nil {
		return withHint(err, "编号 %d 及以前的记录完整", p.Last)
	}
	if asJSON {
		return c.json(p)
	}
	c.tell("审计链完整：%d 条记录，编号 %d 至 %d", p.Count, p.After+1, p.Last)
	c.tell("最后一条的散列值：%s", p.Hash)
	return nil
}
