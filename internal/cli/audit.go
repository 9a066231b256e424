package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/yuntu-city/yuntu/internal/audit"
)

func (c *call) audit(args []string) error {
	after := c.flags.Int64("after", 0, "export only the entries after this `number`")
	asJSON := c.flags.Bool("json", false, "print the result as JSON")
	out := c.flags.String("out", "", "write to this `file` instead of standard output")
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
		return &usageError{"say export or verify",
			"audit export [--after N] [--out FILE] · audit verify FILE · audit verify (the database)"}
	}
}

func (c *call) auditExport(out string, after int64) error {
	a, err := c.open()
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
	fmt.Fprintf(c.err, "%d entries exported\n", n)
	return nil
}

// output opens a new file, or standard output for "". It never overwrites.
func (c *call) output(path string) (io.Writer, func() error, error) {
	if path == "" {
		return c.out, func() error { return nil }, nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, nil, withHint(err, "choose another name: files are never overwritten")
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
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	proof, err := audit.VerifyDB(c.ctx, a.DB)
	return c.proof(proof, err, asJSON)
}

func (c *call) proof(p audit.Proof, err error, asJSON bool) error {
	if err != nil {
		return withHint(err, "entries up to %d are whole", p.Last)
	}
	if asJSON {
		return json.NewEncoder(c.out).Encode(p)
	}
	fmt.Fprintf(c.out, "whole: %d entries, %d to %d\nlast hash %s\n",
		p.Count, p.After+1, p.Last, p.Hash)
	return nil
}
