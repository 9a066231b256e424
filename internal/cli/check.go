package cli

import (
	"context"
	"encoding/json"
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
	asJSON := c.flags.Bool("json", false, "print the findings as JSON")
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return misused("unexpected %q", rest[0])
	}
	findings := c.findings()
	bad := 0
	for _, f := range findings {
		if !f.OK {
			bad++
		}
	}
	if *asJSON {
		err = json.NewEncoder(c.out).Encode(findings)
	} else {
		c.showFindings(findings)
	}
	if err == nil && bad > 0 {
		err = fmt.Errorf("%d of %d checks failed", bad, len(findings))
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
		return []finding{{"settings", false, err.Error(), "see: yuntu help settings"}}
	}
	out := []finding{{"settings", true, "all keys known and valid", ""}, checkDir(cfg)}
	url, err := cfg.DatabaseURL()
	if err != nil {
		return append(out, finding{"database", false, err.Error(), "check database.url_file"})
	}
	d, err := db.Open(c.ctx, db.Options{URL: url})
	if err != nil {
		return append(out, finding{"database", false, err.Error(),
			"check database.url, and that the server runs and lets this user in"})
	}
	defer d.Close()
	out = append(out, finding{"database", true, d.Dialect().String() + " answers", ""})
	step := checkSchema(c.ctx, d)
	if out = append(out, step); !step.OK {
		return out
	}
	return append(out, c.checkHouse(cfg)...)
}

func checkDir(cfg config.Config) finding {
	if err := os.MkdirAll(cfg.Data.Dir, 0o700); err != nil {
		return finding{"files", false, err.Error(), "make the folder, or set data.dir"}
	}
	probe, err := os.CreateTemp(cfg.Data.Dir, ".probe-*")
	if err != nil {
		return finding{"files", false, err.Error(), "let this user write to the folder"}
	}
	probe.Close()
	os.Remove(probe.Name())
	dir, err := filepath.Abs(cfg.Data.Dir)
	if err != nil {
		dir = cfg.Data.Dir
	}
	return finding{"files", true, dir + " can be written", ""}
}

func checkSchema(ctx context.Context, d *db.DB) finding {
	missing, err := d.Pending(ctx)
	if err != nil {
		return finding{"schema", false, err.Error(), "use the newer program, or restore a backup"}
	}
	if len(missing) > 0 {
		return finding{"schema", false, fmt.Sprintf("%d steps missing", len(missing)),
			"run: yuntu migrate"}
	}
	return finding{"schema", true, "up to date", ""}
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
			"keep the database as evidence, restore a backup, and tell the audit administrator"}}
	}
	return []finding{{"audit", true, fmt.Sprintf("%d entries, chain whole", proof.Count), ""}}
}
