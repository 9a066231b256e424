package cli

import (
	"fmt"

	"github.com/yuntu-city/yuntu/internal/db"
)

func (c *call) migrate(args []string) error {
	dry := c.flags.Bool("dry-run", false, "only list the missing steps")
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return misused("unexpected %q", rest[0])
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
		fmt.Fprintf(c.err, "%d steps missing\n", len(missing))
		return nil
	}
	n, err := d.Migrate(c.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%d steps applied\n", n)
	return nil
}
