package audit

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/yuntu-city/yuntu/internal/db"
)

// header is the first line of an exported file. It says where the chain enters and how long it is,
// so that a file cut short is noticed.
type header struct {
	Format string `json:"format"`
	After  int64  `json:"after"` // number of the record before the first one in the file
	Prev   string `json:"prev"`  // its hash
	Last   int64  `json:"last"`  // number of the last record in the file
}

const format = "yuntu-audit-1"

// maxLine bounds one line of an exported file, in bytes: a detail at its limit, escaped, and the
// other fields.
const maxLine = 1 << 20

const exportBatch = 1000

// Export writes the records after `after` as JSON lines: a header, then one record a line. It
// returns how many there were. The end is fixed at the start; later writes are left out.
func Export(ctx context.Context, q db.Q, w io.Writer, after int64) (int64, error) {
	last, err := Head(ctx, q)
	if err != nil {
		return 0, fmt.Errorf("read audit head: %w", err)
	}
	after = min(after, last)
	prev, err := HashAt(ctx, q, after)
	if err != nil {
		return 0, fmt.Errorf("read hash of entry %d: %w", after, err)
	}
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(header{format, after, prev, last}); err != nil {
		return 0, err
	}
	n := int64(0)
	for at := after; at < last; {
		batch, err := db.All(ctx, q, qFrom, scan, at, last, exportBatch)
		if err != nil {
			return n, err
		}
		if len(batch) == 0 {
			return n, fmt.Errorf("audit entries after %d are missing", at)
		}
		for _, r := range batch {
			if err := enc.Encode(r); err != nil {
				return n, err
			}
			n++
		}
		at = batch[len(batch)-1].Seq
	}
	return n, out.Flush()
}

// Broken says where a chain breaks and why.
type Broken struct {
	Seq  int64 // number of the first bad entry
	Line int   // its line in the file, 0 for a database
	Why  string
}

// Error names the entry.
func (b *Broken) Error() string {
	if b.Line > 0 {
		return fmt.Sprintf("audit entry %d (line %d): %s", b.Seq, b.Line, b.Why)
	}
	return fmt.Sprintf("audit entry %d: %s", b.Seq, b.Why)
}

// Proof is what a verification found to be whole.
type Proof struct {
	After int64  `json:"after"`
	Last  int64  `json:"last"`
	Hash  string `json:"hash"` // of the last record: write it down elsewhere, compare next time
	Count int64  `json:"count"`
}

// chain checks records one after the other.
type chain struct {
	proof Proof
}

func (c *chain) next(r Record, line int) error {
	want := c.proof.Last + 1
	switch {
	case r.Seq != want:
		return &Broken{want, line, fmt.Sprintf("found entry %d in its place", r.Seq)}
	case !r.Algo.Valid():
		return &Broken{r.Seq, line, fmt.Sprintf("unknown hash function %q", r.Algo)}
	}
	sum, err := r.Sum(c.proof.Hash)
	if err != nil {
		return err
	}
	if sum != r.Hash {
		return &Broken{r.Seq, line, "content or predecessor does not match its hash"}
	}
	c.proof.Last, c.proof.Hash = r.Seq, r.Hash
	c.proof.Count++
	return nil
}

// VerifyFile checks an exported file without a database. The error is a *Broken where the chain
// breaks.
func VerifyFile(r io.Reader) (Proof, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	if !lines.Scan() {
		return Proof{}, errors.Join(errors.New("the file is empty"), lines.Err())
	}
	var h header
	if err := strict(lines.Bytes(), &h); err != nil || h.Format != format {
		return Proof{}, errors.New("the first line is not the header of an audit export")
	}
	c := chain{Proof{After: h.After, Last: h.After, Hash: h.Prev}}
	for line := 2; lines.Scan(); line++ {
		var x Record
		if err := strict(lines.Bytes(), &x); err != nil {
			return c.proof, &Broken{c.proof.Last + 1, line, "is not a record: " + err.Error()}
		}
		if err := c.next(x, line); err != nil {
			return c.proof, err
		}
	}
	if err := lines.Err(); err != nil {
		return c.proof, fmt.Errorf("read after entry %d: %w", c.proof.Last, err)
	}
	if c.proof.Last != h.Last {
		return c.proof, &Broken{c.proof.Last + 1, 0,
			fmt.Sprintf("the file ends before entry %d", h.Last)}
	}
	return c.proof, nil
}

// strict decodes one JSON value and refuses fields that are unknown: they would not be covered by
// the hash. It also refuses a line that says a field twice or in another case.
func strict(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one value on the line")
	}
	var again bytes.Buffer
	enc := json.NewEncoder(&again)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	if !bytes.Equal(bytes.TrimSpace(again.Bytes()), bytes.TrimSpace(line)) {
		return errors.New("not in the form it was written")
	}
	return nil
}

// VerifyDB checks the chain in the database, up to the head at the time of the call.
func VerifyDB(ctx context.Context, q db.Q) (Proof, error) {
	last, err := Head(ctx, q)
	if err != nil {
		return Proof{}, fmt.Errorf("read audit head: %w", err)
	}
	var c chain
	for c.proof.Last < last {
		batch, err := db.All(ctx, q, qFrom, scan, c.proof.Last, last, exportBatch)
		if err != nil {
			return c.proof, err
		}
		if len(batch) == 0 {
			return c.proof, &Broken{c.proof.Last + 1, 0, "is missing"}
		}
		for _, r := range batch {
			if err := c.next(r, 0); err != nil {
				return c.proof, err
			}
		}
	}
	extra, err := db.All(ctx, q, qFrom, scan, last, last+1, 1)
	if err == nil && len(extra) > 0 {
		if now, e := Head(ctx, q); e == nil && now == last {
			return c.proof, &Broken{last + 1, 0, "is beyond the head of the chain"}
		}
	}
	return c.proof, err
}
