package cli

import (
	"fmt"

	"github.com/yuntu-city/yuntu/internal/db"
)

// migrationStep is a step of the schema.
type migrationStep struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
}

// migrationOut is what the database lacked, and how much of it was done.
type migrationOut struct {
	Steps   []migrationStep `json:"steps"`
	Applied int             `json:"applied"`
}

func (c *call) migrate(args []string) error {
	dry := c.flags.Bool("dry-run", false, c.t("只列出缺少的步骤"))
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
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
	steps := []migrationStep{}
	for _, m := range missing {
		steps = append(steps, migrationStep{m.Number, m.Name})
		if !*asJSON {
			fmt.Fprintf(c.out, "%04d %s\n", m.Number, m.Name)
		}
	}
	if *dry && *asJSON {
		return c.json(migrationOut{Steps: steps})
	}
	if *dry {
		c.say("缺少 %d 个步骤", len(missing))
		return nil
	}
	n, err := d.Migrate(c.ctx)
	if err != nil {
		return err
	}
	if *asJSON {
		return c.json(migrationOut{Steps: steps, Applied: n})
	}
	c.say("已执行 %d 个步骤", n)
	return nil
}
