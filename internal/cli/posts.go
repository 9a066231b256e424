package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
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
	ID       string      `json:"id"`
	OtherID  string      `json:"_id"`
	Title    string      `json:"title"`
	Text     string      `json:"text"`
	Keywords keywordList `json:"keywords"`
	Field    string      `json:"field"`
	Chain    string      `json:"chain"`
	Region   string      `json:"region"`
	TRL      int         `json:"trl"`
	Budget   json.Number `json:"budget"`
	Price    json.Number `json:"price"`
}

// keywordList is keywords as one text or as a list of texts.
type keywordList string

// UnmarshalJSON reads either.
func (k *keywordList) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*k = keywordList(one)
		return nil
	}
	var list []string
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*k = keywordList(strings.Join(list, " "))
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
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(head, []byte("{")) {
		return c.postLines(name, b)
	}
	return c.postTable(name, b)
}

// reader opens a file that was given to the command. A file that cannot be opened is a mistake in
// the command line.
func (c *call) reader(name string) (io.Reader, func(), error) {
	if name == "-" {
		if c.in == nil {
			return nil, nil, fault.New(fault.Invalid, "没有标准输入")
		}
		return c.in, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		fmt.Fprintf(c.err, "%s: %s\n", name, (&unreadable{err}).words(c))
		return nil, nil, errUnread
	}
	return f, func() { f.Close() }, nil
}

// badFile says what is wrong with a line of a file, or with the file as a whole.
func (c *call) badFile(name string, line int, key string, args ...any) error {
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
		text := bytes.TrimSpace(bytes.TrimPrefix(scan.Bytes(), []byte("\xef\xbb\xbf")))
		if len(text) == 0 {
			continue
		}
		var p postLine
		if err := json.Unmarshal(text, &p); err != nil {
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
	out := retrieval.Post{ID: p.ID, Title: p.Title, Text: p.Text, Keywords: string(p.Keywords),
		Field: p.Field, Chain: p.Chain, Region: p.Region, TRL: p.TRL}
	if out.ID == "" {
		out.ID = p.OtherID
	}
	if out.ID == "" {
		return out, "缺少 id"
	}
	amount := p.Budget
	if amount == "" {
		amount = p.Price
	}
	if amount != "" {
		yuan, ok := hanzi.ParseDecimal(amount.String())
		if !ok {
			return out, "budget 或 price 不是数字"
		}
		out.Yuan = yuan
	}
	return out, ""
}

func (c *call) postTable(name string, r io.Reader) ([]retrieval.Post, error) {
	t, err := sheet.Read(c.context(), name, r, postSpec)
	if err != nil {
		if _, ok := fault.As(err); !ok {
			return nil, err
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
		p := retrieval.Post{ID: row.Text("id"), Title: row.Text("title"), Text: row.Text("text"),
			Keywords: row.Text("keywords"), Field: row.Text("field"), Chain: row.Text("chain"),
			Region: row.Text("region"), TRL: int(row.Int("trl"))}
		if amount := row.Text("yuan"); amount != "" {
			yuan, ok := hanzi.ParseDecimal(strings.ReplaceAll(amount, ",", ""))
			if !ok {
				return nil, c.badFile(name, row.Number, "budget 或 price 不是数字")
			}
			p.Yuan = yuan
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, c.badFile(name, 0, "文件是空的")
	}
	return out, nil
}
