package cli

import (
	"fmt"

	"github.com/yuntu-city/yuntu/internal/db"
)

func (c *call) migrate(args []string) error {
	dry := c.flags.Bool("dry-run", false, c.t("只列出缺少的步骤"))
	if err := c.none(args); err != nil {
		return err
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	url, err := cfg.DatabaseURL()
	if err != nil {
		return err
	}
	d, err := db.Open(c.ctx, db.Options{URL: url})
	if err != nil {
		return err
	}
	defer d.Close()
	missing, err := d.Pending(c.ctx)
	if err != nil {
		return err
	}
	for _, m := range missing {
		fmt.Fprintf(c.out, "%04d %s\n", m.Number, m.Name)
	}
	if *dry {
		c.say("缺少 %d 个步骤", len(missing))
		return nil
	}
	n, err := d.Migrate(c.ctx)
	if err != nil {
		return err
	}
	c.say("已执行 %d 个步骤", n)
	return nil
}
