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

// header is the first line of an exported file. It says where the chain enters and where it ends,
// so that a file cut short is noticed. The file itself is not signed: who can rewrite all of it can
// invent a whole chain, so the last hash belongs into a second pair of hands as well.
type header struct {
	Format string `json:"format"`
	After  int64  `json:"after"` // number of the record before the first one in the file
	Prev   string `json:"prev"`  // its hash
	Last   int64  `json:"last"`  // number of the last record in the file
	Hash   string `json:"hash"`  // its hash
}

const format = "yuntu-audit-1"

// maxLine bounds one line of an exported file, in bytes: all fields at their limits, and every byte
// of them escaped.
const maxLine = 1 << 20

// exportBatch is how many records are held in memory at once.
const exportBatch = 200

// Export writes the records after `after` as JSON lines: a header, then one record a line. It
// returns how many there were. The end is fixed at the start; later writes are left out.
func Export(ctx context.Context, q db.Q, w io.Writer, after int64) (int64, error) {
	end, err := Head(ctx, q)
	if err != nil {
		return 0, fmt.Errorf("read audit head: %w", err)
	}
	after = min(max(after, 0), end.Seq)
	prev, err := HashAt(ctx, q, after)
	if err != nil {
		return 0, fmt.Errorf("read hash of entry %d: %w", after, err)
	}
	out := bufio.NewWriter(w)
	if err := writeLine(out, header{format, after, prev, end.Seq, end.Hash}); err != nil {
		return 0, err
	}
	n := int64(0)
	for at := after; at < end.Seq; {
		batch, err := db.All(ctx, q, qFrom, scan, at, end.Seq, exportBatch)
		if err != nil {
			return n, err
		}
		if len(batch) == 0 {
			return n, fmt.Errorf("audit entries after %d are missing", at)
		}
		for _, r := range batch {
			if err := writeLine(out, r); err != nil {
				return n, err
			}
			n++
		}
		at = batch[len(batch)-1].Seq
	}
	return n, out.Flush()
}

func writeLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w) // ends the line
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
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

// next checks that r follows what is proven so far, and adds it.
func (p *Proof) next(r Record, line int) error {
	want := p.Last + 1
	switch {
	case r.Seq != want:
		return &Broken{want, line, fmt.Sprintf("found entry %d in its place", r.Seq)}
	case !r.Algo.Valid():
		return &Broken{r.Seq, line, fmt.Sprintf("unknown hash function %q", r.Algo)}
	}
	sum, err := r.Sum(p.Hash)
	if err != nil {
		return err
	}
	if sum != r.Hash {
		return &Broken{r.Seq, line, "content or predecessor does not match its hash"}
	}
	p.Last, p.Hash = r.Seq, r.Hash
	p.Count++
	return nil
}

// VerifyFile checks an exported file without a database. The error is a *Broken where the chain
// breaks. The file must be byte for byte as it was written.
func VerifyFile(r io.Reader) (Proof, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	lines.Split(wholeLines)
	h, err := readHeader(lines)
	if err != nil {
		return Proof{}, err
	}
	p := Proof{After: h.After, Last: h.After, Hash: h.Prev}
	line := 1
	for lines.Scan() {
		line++
		var x Record
		if err := strict(lines.Bytes(), &x); err != nil {
			return p, &Broken{p.Last + 1, line, "is not a record: " + err.Error()}
		}
		if p.Last == h.Last {
			return p, &Broken{p.Last + 1, line, fmt.Sprintf("the file should end with entry %d", h.Last)}
		}
		if err := p.next(x, line); err != nil {
			return p, err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, errCut), errors.Is(err, bufio.ErrTooLong):
		return p, &Broken{p.Last + 1, line + 1, err.Error()}
	case err != nil:
		return p, fmt.Errorf("read after entry %d: %w", p.Last, err)
	case p.Last != h.Last:
		return p, &Broken{p.Last + 1, line + 1, fmt.Sprintf("the file ends before entry %d", h.Last)}
	case p.Hash != h.Hash:
		return p, &Broken{p.Last, line, "is not the one the header names as the last"}
	}
	return p, nil
}

func readHeader(lines *bufio.Scanner) (header, error) {
	var h header
	if !lines.Scan() {
		if err := lines.Err(); err != nil {
			return h, fmt.Errorf("read the header: %w", err)
		}
		return h, errors.New("the file is empty")
	}
	err := strict(lines.Bytes(), &h)
	if err != nil || h.Format != format || h.After < 0 || h.Last < h.After ||
		h.After == 0 && h.Prev != "" {
		return h, errors.New("the first line is not the header of an audit export")
	}
	return h, nil
}

var errCut = errors.New("the file is cut short within a line")

// wholeLines splits at line feeds and, unlike bufio.ScanLines, forgives neither a missing last one
// nor a carriage return: not a byte may differ.
func wholeLines(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return 0, nil, errCut
	}
	return 0, nil, nil
}

// strict decodes a line and refuses whatever the hash does not cover: unknown fields, a field said
// twice or in another case, other spaces or escapes. It does so by writing the value again.
func strict(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	var again bytes.Buffer
	if err := writeLine(&again, v); err != nil {
		return err
	}
	if !bytes.Equal(again.Bytes(), line) {
		return errors.New("not in the form it was written")
	}
	return nil
}

// VerifyDB checks the chain in the database, up to the head at the time of the call.
func VerifyDB(ctx context.Context, q db.Q) (Proof, error) {
	end, err := Head(ctx, q)
	if err != nil {
		return Proof{}, fmt.Errorf("read audit head: %w", err)
	}
	var p Proof
	for p.Last < end.Seq {
		batch, err := db.All(ctx, q, qFrom, scan, p.Last, end.Seq, exportBatch)
		if err != nil {
			return p, err
		}
		if len(batch) == 0 {
			return p, &Broken{p.Last + 1, 0, "is missing"}
		}
		for _, r := range batch {
			if err := p.next(r, 0); err != nil {
				return p, err
			}
		}
	}
	if p.Hash != end.Hash {
		return p, &Broken{p.Last, 0, "is not the one the head of the chain names"}
	}
	return p, nothingBeyond(ctx, q, end)
}

// nothingBeyond looks for entries after the head. One that another process wrote meanwhile came
// together with a head that has moved.
func nothingBeyond(ctx context.Context, q db.Q, end Mark) error {
	extra, beyond, err := db.Find(ctx, q, qAfter, db.One[int64], end.Seq)
	if err != nil || !beyond {
		return err
	}
	now, err := Head(ctx, q)
	if err == nil && now == end {
		err = &Broken{extra, 0, "is beyond the head of the chain"}
	}
	return err
}
