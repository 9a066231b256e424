package story_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// TestLoopInTheBrowser tells the story through the pages, on both databases. What is not part of it, such as
// the achievements that are there already, is set up through the API.
func TestLoopInTheBrowser(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		a := open(t, d.URL(), t.TempDir())
		c := settle(t, a)
		s := run(t, a)
		p := &player{t: t, s: s, tokens: c.tokens, sessions: c.sessions, client: &http.Client{Timeout: 30 * time.Second}}
		show(visit(t, s.url(), c), p, c)
		whole(t, d)
	})
}

// show plays the story from the document to the closed task.
func show(v *visitor, p *player, c cast) {
	first, second := p.offers(c)
	target, indicator := v.desk()
	p.counted(c, indicator)
	v.recompute(indicator)
	task := v.redLight(target)
	v.applyFor(task)
	meeting := p.meeting(c, target, task)
	need := v.need(first, second)
	v.refused(need)
	deal := v.signed(need)
	v.moved(indicator, deal)
	v.turned(target, task)
	v.pack(meeting)
	v.press()
}

// desk files a plan, decides about its sentences at the review desk by keyboard, and ends the review.
func (v *visitor) desk() (target, indicator string) {
	year := time.Now().Year()
	v.as("officer", "/documents")
	v.follow("登记文件")
	v.Fill("#f-title", "科技工作要点")
	v.Select("#f-kind", "scheme")
	v.Select("#f-day", fmt.Sprintf("%d-01-05", year))
	v.Fill("#f-text", fmt.Sprintf("太原市%d年科技工作要点\n到%d年底，全市技术合同成交额达到1000万元以上。", year, year))
	v.follow("登记并审读")
	v.WaitText(".desk-row.open", "第 1 条，共 1 条")
	if got := v.Value("#f-indicator") + v.Value("#f-op") + v.Value("#f-value") + v.Value("#f-unit"); got != "技术合同成交额>=1000万元" {
		v.t.Errorf("the plan says %q", got)
	}
	v.Press("t")
	v.WaitText(".desk-outcome", "新指标")
	v.Click(`[name="new.additive"]`)
	v.pick("org", "工业和信息化局")
	v.Press("Escape", "g")
	v.WaitText(".desk-said", "已立为目标")
	v.Settle()
	v.ConsoleEmpty()
	v.follow("完成审读")
	v.Follow("#step .form-actions button")
	v.says("已审读")
	v.open("/targets")
	target = strings.TrimPrefix(v.Attr(`main a[href^="/targets/"]`, "href"), "/targets/")
	v.follow("技术合同成交额")
	v.says("≥1000万元", "太原市工业和信息化局")
	indicator = strings.TrimPrefix(v.Attr(`main a[href^="/indicators/"]`, "href"), "/indicators/")
	v.ConsoleEmpty()
	return target, indicator
}

// recompute counts the indicator: there are no contracts yet.
func (v *visitor) recompute(indicator string) {
	v.as("officer", "/monitor/indicators/"+indicator+"?region="+city)
	v.follow("重新计算")
	v.says("0 万元")
	v.ConsoleEmpty()
}

// redLight wants the number to be red, and its task to be established, signed for and begun.
func (v *visitor) redLight(target string) (task string) {
	v.as("leader", "/monitor/lights")
	v.until("/monitor/lights", "main", "红灯")
	v.follow("技术合同成交额")
	v.until("/monitor/lights/"+target, "main", "红灯未解除，不能办结")
	task = strings.TrimPrefix(v.Attr(`main a[href^="/tasks/"]`, "href"), "/tasks/")
	v.as("officer", "/tasks/"+task)
	v.says("太原市工业和信息化局")
	if !strings.Contains(v.Text(".page-head"), "已立项") {
		v.step("立项", nil)
	}
	v.as("department", "/tasks/mine")
	v.Follow(`main a[href="/tasks/` + task + `"]`)
	v.step("签收", nil)
	v.says("已签收")
	v.step("开始办理", nil)
	v.says("办理中")
	v.ConsoleEmpty()
	return task
}

// applyFor applies for the end of a task, which must not end while its number is red.
func (v *visitor) applyFor(task string) {
	file := filepath.Join(v.t.TempDir(), "证明.txt")
	if err := os.WriteFile(file, []byte("合同正在洽谈。"), 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.step("申请办结", func() {
		v.Fill("#f-reason", "合同正在洽谈")
		v.Upload(`[name="files"]`, file)
	})
	v.as("officer", "/tasks/"+task)
	v.step("受理核验", nil)
	v.ConsoleEmpty()
	v.follow("核验通过")
	v.Follow("#step .form-actions button")
	v.says("红灯")
	if s := v.Status(); s != 409 {
		v.t.Errorf("a task with a red number: status %d", s)
	}
	v.ConsoleEmpty(409)
}

// need posts what the firm looks for and wants it to find both achievements, with reasons.
func (v *visitor) need(first, second string) (need string) {
	v.as("firm", "/market/mine")
	v.follow("发布需求")
	v.Fill("#f-title", "寻求高导热石墨膜")
	v.Fill("#f-text", "石墨膜面内导热系数不低于 1200 W/(m·K)。")
	v.Select("#f-needKind", "result")
	v.Select("#f-field", "05")
	v.Fill("#f-contact", "王小明")
	v.Fill("#f-contactPhone", "13800001234")
	v.follow("提交审核")
	v.says("审核中")
	path := v.Path()
	need = strings.TrimPrefix(path, "/market/posts/")
	v.as("officer", path)
	v.step("审核通过并发布", nil)
	v.says("已发布")
	v.as("firm", path)
	v.follow("匹配的成果")
	for _, offer := range []string{first, second} {
		v.until(path+"/matches", `.matches article:has(a[href="/market/posts/`+offer+`"]) .reasons`, "符合")
	}
	v.ConsoleEmpty()
	return need
}

func (v *visitor) refused(need string)          {}
func (v *visitor) signed(need string) string    { return "" }
func (v *visitor) moved(indicator, deal string) {}
func (v *visitor) turned(target, task string)   {}
func (v *visitor) pack(meeting string)          {}
func (v *visitor) press()                       {}
