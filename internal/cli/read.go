package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/yuntu-city/yuntu/engine/doctext"
	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/reading"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// manyFiles is from how many files on the progress is shown.
const manyFiles = 4

// readFlags say how documents are read and what is written.
type readFlags struct {
	json, text *bool
	options    reading.Options
}

// readFiles reads documents and writes their statements, file by file as they are read. A file
// that cannot be read is named with its reason, and the others are read all the same.
func (c *call) readFiles(args []string) error {
	f := readFlags{json: c.flags.Bool("json", false, c.t("每条陈述输出一行 JSON")),
		text: c.flags.Bool("text", false, c.t("只输出文字，即位置所指的文本"))}
	date := c.flags.String("date", "", c.t("文件日期 `DATE`，如 2025-01-06；不给则从文中推断"))
	place := c.flags.String("place", "", c.t("“我市”所指的地区 `PLACE`，如 太原市；不给则从文中推断"))
	files, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return misused("请给出要读的文件，- 为标准输入")
	}
	f.options.Place = *place
	if *date != "" {
		if f.options.Date, err = hanzi.ParseDate(*date); err != nil {
			return misused("日期“%s”请写成 2025-01-06 的样子", *date)
		}
	}
	return c.readAll(files, f)
}

func (c *call) readAll(files []string, f readFlags) error {
	bar := c.progress(c.t("读取"))
	unread := 0
	var read []reading.Named
	for i, name := range files {
		doc, err := c.extract(name)
		if err == nil {
			var result reading.Result
			result, err = c.show(name, doc, f, len(files) > 1)
			read = append(read, reading.Named{Name: name, Result: result})
		}
		if reason, ok := errors.AsType[*unreadable](err); ok {
			fmt.Fprintf(c.err, "%s: %s\n", name, reason.words(c))
			unread++
		} else if err != nil {
			return err
		}
		if len(files) >= manyFiles {
			bar.at(i+1, len(files))
		}
	}
	c.compare(read, f)
	if unread > 0 {
		c.say("%d 个文件中有 %d 个无法读取", len(files), unread)
		return errUnread
	}
	return nil
}

// compare says where documents contradict each other: as part of the table, or to people beside
// the lines for other programs.
func (c *call) compare(read []reading.Named, f readFlags) {
	conflicts := reading.CrossCheck(read...)
	if len(conflicts) == 0 {
		return
	}
	w := c.out
	if *f.json {
		w = c.err
	}
	fmt.Fprintln(w, c.t("几份文件有 %d 处说法不一：", len(conflicts)))
	for _, x := range conflicts {
		fmt.Fprintf(w, "  %s (%s)\n", x.Text(read, c.english()), period(x.From, x.To))
	}
}

// unreadable is why a file cannot be read: it cannot be opened, or it is no document.
type unreadable struct{ err error }

func (u *unreadable) Error() string { return u.err.Error() }

func (u *unreadable) words(c *call) string {
	if reason, ok := errors.AsType[*doctext.Error](u.err); ok {
		return c.t(reason.Code.Key(), reason.Args...)
	}
	if errors.Is(u.err, os.ErrNotExist) {
		return c.t("没有这个文件")
	}
	if errors.Is(u.err, os.ErrPermission) {
		return c.t("没有读取权限")
	}
	return u.err.Error()
}

// extract returns the text of a file, "-" being standard input.
func (c *call) extract(name string) (doctext.Document, error) {
	data, err := c.contentOf(name)
	if err != nil {
		return doctext.Document{}, &unreadable{err}
	}
	doc, err := doctext.Extract(c.ctx, name, data)
	if c.ctx.Err() != nil {
		return doc, c.ctx.Err()
	}
	if err != nil {
		return doc, &unreadable{err}
	}
	for _, note := range doc.Notes {
		fmt.Fprintf(c.err, "%s: %s\n", name, c.t(note.Code.Key(), note.Args...))
	}
	return doc, nil
}

// contentOf returns the bytes of a file up to a little over the limit, which is then refused.
func (c *call) contentOf(name string) ([]byte, error) {
	if name == "-" {
		if c.in == nil {
			return nil, fault.New(fault.Invalid, "没有标准输入")
		}
		return io.ReadAll(io.LimitReader(c.in, doctext.MaxFileBytes+1))
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, doctext.MaxFileBytes+1))
}

// show writes what is in a document.
func (c *call) show(
	name string, doc doctext.Document, f readFlags, several bool,
) (reading.Result, error) {
	if *f.text {
		_, err := io.WriteString(c.out, doc.Text)
		return reading.Result{}, err
	}
	options := f.options
	if options.Date.IsZero() && doc.Date != "" {
		options.Date, _ = hanzi.ParseDate(doc.Date) // one that does not exist is guessed anew
	}
	result := reading.Read(doc.Text, options)
	if !*f.json {
		return result, c.showStatements(name, doc.Text, result)
	}
	if !several {
		name = ""
	}
	return result, c.writeStatements(name, result.Statements)
}

// writeStatements writes a line of JSON for each statement, with the name of the file when there
// are several.
func (c *call) writeStatements(name string, list []reading.Statement) error {
	var out bytes.Buffer
	for _, s := range list {
		line, err := s.MarshalJSON() // json.Marshal would write \u003e for >
		if err != nil {
			return err
		}
		if name != "" {
			file, err := json.Marshal(name)
			if err != nil {
				return err
			}
			fmt.Fprintf(&out, `{"file":%s,%s`, file, line[1:])
		} else {
			out.Write(line)
		}
		out.WriteByte('\n')
	}
	_, err := c.out.Write(out.Bytes())
	return err
}
