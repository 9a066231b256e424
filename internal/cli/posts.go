package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// Limits of a file of posts as JSON lines. Tables have those of package sheet.
const (
	maxPostLine = 4 << 20
	maxPosts    = 10_000_000
)

// postLine is a post as a line of JSON. Other data sets call the id _id.
type postLine struct {
	ID       loose `json:"id"`
	OtherID  loose `json:"_id"`
	Title    loose `json:"title"`
	Text     loose `json:"text"`
	Keywords loose `json:"keywords"`
	Field    loose `json:"field"`
	Chain    loose `json:"chain"`
	Region   loose `json:"region"`
	TRL      loose `json:"trl"`
	Budget   loose `json:"budget"`
	Price    loose `json:"price"`
	IP       loose `json:"ip"`
	Deadline loose `json:"deadline"`
	Modes    loose `json:"modes"`
}

// loose is a text, a number, nothing, or a list of those with blanks between them: programs write
// ids as numbers and keywords either way.
type loose string

// UnmarshalJSON reads any of them.
func (k *loose) UnmarshalJSON(b []byte) error {
	var one string
	switch {
	case json.Unmarshal(b, &one) == nil:
		*k = loose(one)
		return nil
	case len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9'):
		*k = loose(b)
		return nil
	}
	var list []loose
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	for i, x := range list {
		if i > 0 {
			*k += " "
		}
		*k += x
	}
	return nil
}

// posts reads a file of posts: JSON lines, CSV or XLSX; "-" is standard input.
func (c *call) posts(name string) ([]retrieval.Post, error) {
	r, end, err := c.reader(name)
	if err != nil {
		return nil, err
	}
	defer end()
	b := bufio.NewReader(r)
	head, err := b.Peek(64)
	if err != nil && len(head) == 0 {
		if errors.Is(err, io.EOF) {
			return nil, c.badFile(name, 0, "文件是空的")
		}
		return nil, err
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), " \t\r\n")
	var out []retrieval.Post
	switch {
	case bytes.HasPrefix(head, []byte("{")):
		out, err = c.postLines(name, b)
	case bytes.HasPrefix(head, []byte("[")):
		out, err = c.postArray(name, b)
	default:
		out, err = c.postTable(name, b)
	}
	if err != nil {
		return nil, err
	}
	return c.lastOfTwins(name, out), nil
}

// lastOfTwins drops the posts whose id a later one has, and says so.
func (c *call) lastOfTwins(name string, posts []retrieval.Post) []retrieval.Post {
	last := make(map[string]int, len(posts))
	twin := ""
	for i := range posts {
		if _, seen := last[posts[i].ID]; seen && twin == "" {
			twin = posts[i].ID
		}
		last[posts[i].ID] = i
	}
	if twin == "" {
		return posts
	}
	fmt.Fprintf(c.err, "%s: %s\n", name, c.t("编号“%s”出现多次，以最后一条为准", twin))
	out := make([]retrieval.Post, 0, len(last))
	for i := range posts {
		if last[posts[i].ID] == i {
			out = append(out, posts[i])
		}
	}
	return out
}

// postArray reads one list of JSON.
func (c *call) postArray(name string, r *bufio.Reader) ([]retrieval.Post, error) {
	if head, _ := r.Peek(len(byteOrderMark)); string(head) == byteOrderMark {
		_, _ = r.Discard(len(byteOrderMark))
	}
	d := json.NewDecoder(r)
	if _, err := d.Token(); err != nil {
		return nil, c.badFile(name, 0, "不是正确的 JSON：%s", err.Error())
	}
	var out []retrieval.Post
	for d.More() {
		var p postLine
		if err := d.Decode(&p); err != nil {
			return nil, c.badFile(name, 0, "不是正确的 JSON：%s", err.Error())
		}
		post, key := p.post()
		if key != "" {
			return nil, c.badFile(name, len(out)+1, key)
		}
		if out = append(out, post); len(out) > maxPosts {
			return nil, c.badFile(name, 0, "超过 %d 条", maxPosts)
		}
	}
	if len(out) == 0 {
		return nil, c.badFile(name, 0, "文件是空的")
	}
	return out, c.ctx.Err()
}

const byteOrderMark = "\xef\xbb\xbf"

// reader opens a file that was given to the command. A file that cannot be opened is a mistake in
// the command line.
func (c *call) reader(name string) (io.Reader, func(), error) {
	if name == "-" {
		if c.in == nil {
			return nil, nil, fault.New(fault.Invalid, "没有标准输入")
		}
		if c.stdinTaken {
			return nil, nil, misused("标准输入（-）只能用于一个文件")
		}
		c.stdinTaken = true
		return c.in, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		fmt.Fprintf(c.err, "%s: %s\n", name, (&unreadable{err}).words(c))
		return nil, nil, errUnread
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, nil, c.badFile(name, 0, "这是文件夹，不是文件")
	}
	return f, func() { f.Close() }, nil
}

// badFile says what is wrong with a line of a file, or with the file as a whole.
func (c *call) badFile(name string, line int, key string, args ...any) error {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = fault.Clip(s)
		}
	}
	if line > 0 {
		fmt.Fprintf(c.err, "%s: %s\n", name, c.t("第 %d 行：%s", line, c.t(key, args...)))
	} else {
		fmt.Fprintf(c.err, "%s: %s\n", name, c.t(key, args...))
	}
	return errUnread
}

func (c *call) postLines(name string, r io.Reader) ([]retrieval.Post, error) {
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 0, 1<<16), maxPostLine)
	var out []retrieval.Post
	line := 0
	for scan.Scan() {
		line++
		text := bytes.TrimSpace(bytes.TrimPrefix(scan.Bytes(), []byte(byteOrderMark)))
		if len(text) == 0 {
			continue
		}
		if !utf8.Valid(text) { // decoding would put � for each byte that is none
			return nil, c.badFile(name, line, "不是 UTF-8 编码的文字")
		}
		var p postLine
		if err := json.Unmarshal(text, &p); err != nil {
			if _, other := errors.AsType[*json.UnmarshalTypeError](err); other {
				return nil, c.badFile(name, line, "应是一个 JSON 对象，各项为文字、数或其列表")
			}
			return nil, c.badFile(name, line, "不是正确的 JSON：%s", err.Error())
		}
		post, key := p.post()
		if key != "" {
			return nil, c.badFile(name, line, key)
		}
		if out = append(out, post); len(out) > maxPosts {
			return nil, c.badFile(name, line, "超过 %d 条", maxPosts)
		}
		if line%1000 == 0 && c.ctx.Err() != nil {
			return nil, c.ctx.Err()
		}
	}
	if errors.Is(scan.Err(), bufio.ErrTooLong) {
		return nil, c.badFile(name, line+1, "一行超过 %d MB", maxPostLine>>20)
	}
	if scan.Err() == nil && len(out) == 0 {
		return nil, c.badFile(name, 0, "文件是空的")
	}
	return out, scan.Err()
}

// post returns the post of a line, or what is wrong with it.
func (p *postLine) post() (retrieval.Post, string) {
	cells := map[string]string{"title": string(p.Title), "text": string(p.Text), "keywords": string(p.Keywords),
		"field": string(p.Field), "chain": string(p.Chain), "region": string(p.Region), "trl": string(p.TRL),
		"yuan": string(cmp.Or(p.Budget, p.Price)), "ip": string(p.IP), "deadline": string(p.Deadline),
		"modes": string(p.Modes), "id": strings.TrimSpace(string(cmp.Or(p.ID, p.OtherID)))}
	if cells["id"] == "" {
		return retrieval.Post{}, "缺少 id"
	}
	return postOf(func(key string) string { return cells[key] })
}

func (c *call) postTable(name string, r io.Reader) ([]retrieval.Post, error) {
	t, err := sheet.Read(c.context(), name, r, postSpec)
	if err != nil {
		if _, ok := fault.As(err); !ok {
			return nil, err
		}
		// The refusal tells of a template, which the shell has none of.
		if f, _ := fault.As(err); slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Key == sheet.NoHeader }) {
			return nil, c.badFile(name, 0, "没有找到表头：应有一行写明 id、title、text 等列名")
		}
		c.complain(name, err)
		return nil, errUnread
	}
	var out []retrieval.Post
	for row, err := range t.Rows(c.context(), nil) {
		if err != nil {
			return nil, err
		}
		for _, p := range row.Problems {
			return nil, c.badFile(name, row.Number, "%s", p.Text(c.common.language()))
		}
		p, key := postOf(row.Text)
		if key != "" {
			return nil, c.badFile(name, row.Number, key)
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, c.badFile(name, 0, "文件是空的")
	}
	return out, nil
}
