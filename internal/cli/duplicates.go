package cli

import (
	"bufio"
	"fmt"

	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// duplicates finds posts that say nearly the same.
func (c *call) duplicates(args []string) error {
	least := c.flags.Float64("least", retrieval.DefaultLikeness, c.t("至少这么相似才列出，0 至 1：`X`"))
	asJSON := c.flags.Bool("json", false, c.t("每条输出一行 JSON"))
	files, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return misused("请给出一个文件")
	}
	if !(*least > 0 && *least <= 1) {
		return misused("--least 应大于 0 且不大于 1")
	}
	posts, err := c.posts(files[0])
	if err != nil {
		return err
	}
	pairs, err := retrieval.NearDuplicates(c.ctx, posts, *least)
	if err != nil {
		return err
	}
	titles := map[string]string{}
	for i := range posts {
		titles[posts[i].ID] = posts[i].Title
	}
	out := bufio.NewWriter(c.out)
	for _, p := range pairs {
		if *asJSON {
			err = writeLine(out, duplicateJSON{p.A, p.B, rounded(p.Likeness)})
		} else {
			_, err = fmt.Fprintf(out, "%.2f  %s %s\n      %s %s\n", p.Likeness,
				p.A, cut(titles[p.A], maxIndicatorWidth), p.B, cut(titles[p.B], maxIndicatorWidth))
		}
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

// duplicateJSON is a pair as other programs read it.
type duplicateJSON struct {
	A        string  `json:"a"`
	B        string  `json:"b"`
	Likeness float64 `json:"likeness"`
}
