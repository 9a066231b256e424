package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/demo"
)

// demoMark is the file that says that a folder holds a demonstration, and whether it is complete.
const demoMark = "yuntu-demo"

// What the mark says.
const (
	demoFilling = "filling\n"
	demoReady   = "ready\n"
)

// demoFlags are what may be asked of a demonstration.
type demoFlags struct {
	addr, city, size, reset string
	seed                    uint64
	empty                   bool
}

func (c *call) demoFlags(args []string) (demoFlags, error) {
	var f demoFlags
	c.flags.StringVar(&f.addr, "addr", "127.0.0.1:8470", c.t("监听地址 `HOST:PORT`（配置项 server.addr）"))
	c.flags.StringVar(&f.city, "city", demo.Taiyuan, c.t("城市 `CITY`：taiyuan 或 changzhi"))
	c.flags.StringVar(&f.size, "size", sizeCity, c.t("规模 `SIZE`：city 为一座城市的数据量，small 为少量数据"))
	c.flags.Uint64Var(&f.seed, "seed", demo.Seed, c.t("生成数据的种子 `N`，同一种子得到同样的数据"))
	c.flags.BoolVar(&f.empty, "empty", false, c.t("只建账号，不放数据"))
	c.flags.StringVar(&f.reset, "reset", "", c.t("每天在 `HH:MM`（北京时间）重建数据，用于公开演示"))
	if err := c.none(args); err != nil {
		return f, err
	}
	switch {
	case f.city != demo.Taiyuan && f.city != demo.Changzhi:
		return f, misused("--city 只能是 taiyuan 或 changzhi")
	case f.size != sizeCity && f.size != sizeSmall:
		return f, misused("--size 只能是 city 或 small")
	}
	if f.reset != "" {
		if _, err := time.Parse(dayTime, f.reset); err != nil {
			return f, misused("--reset 应写作 HH:MM，如 03:00")
		}
	}
	return f, nil
}

// Sizes of a demonstration.
const (
	sizeCity  = "city"
	sizeSmall = "small"
	dayTime   = "15:04"
)

func (f demoFlags) options() demo.Options {
	o := demo.Options{Seed: f.seed, City: f.city}
	if f.size == sizeCity {
		o.Volume = demo.Whole()
	}
	return o
}

func (c *call) demo(args []string) error {
	f, err := c.demoFlags(args)
	if err != nil {
		return err
	}
	dir := c.common.dir
	if dir == "" {
		made, err := os.MkdirTemp("", "yuntu-demo-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(made)
		dir = filepath.Join(made, "data")
	}
	ready, err := demoFolder(dir)
	if err != nil {
		return err
	}
	cfg, err := c.demoConfig(dir, f.addr)
	if err != nil {
		return err
	}
	for {
		again, err := c.demoRun(f, &cfg, ready)
		if err != nil || !again {
			return err
		}
		ready = true
	}
}

// demoRun serves a demonstration until the process is told to stop, or until a fresh one stands
// ready in its place: again says so.
func (c *call) demoRun(f demoFlags, cfg *config.Config, ready bool) (again bool, err error) {
	ctx, stop := context.WithCancel(c.ctx)
	defer stop()
	dir := cfg.Data.Dir
	var background sync.WaitGroup
	defer background.Wait()
	err = c.runUntil(ctx, *cfg, func(a *app.App, address string) error {
		a.Showcase.Open(f.reset)
		if !ready {
			if err := c.demoFill(a, f, dir); err != nil {
				return withHint(err, "可以删除 %s 后重试", dir)
			}
		}
		_, cfg.Server.Addr, _ = strings.Cut(address, "://")
		if f.reset != "" {
			background.Go(func() {
				if again = c.demoRenew(ctx, f, *cfg, a.Clock); again {
					stop()
				}
			})
		}
		return c.demoLogins(f, address, dir)
	})
	stop()
	background.Wait()
	if err == nil && again {
		err = swapDemo(dir)
	}
	return again && err == nil, err
}

// fillGarbage is how much garbage lies while the city is made: collecting it as a server does would take a sixth
// of all the work.
const fillGarbage = 200

// demoFill makes the demonstration in an empty folder. Of a whole city it makes the first, small part
// and leaves the rest to a job that works while the site is served.
func (c *call) demoFill(a *app.App, f demoFlags, dir string) error {
	letGarbage(fillGarbage)
	later := false
	defer func() {
		if !later {
			letGarbage(garbagePercent)
		}
	}()
	bar := c.progress(c.t("准备演示数据"))
	if f.empty {
		if err := demo.Empty(c.context(), a, f.options(), bar.at); err != nil {
			return err
		}
		return writeMark(dir, demoReady)
	}
	o := f.options()
	city, err := demo.Begin(c.context(), a, o, bar.at)
	if err != nil || f.size == sizeSmall {
		return errors.Join(err, markReady(dir, err))
	}
	rest := c.progress(c.t("装入全部数据"))
	later = true
	return city.GrowLater(c.context(), func(done, total int) {
		rest.at(done, total)
		a.Showcase.Fill(done, total)
	}, func(err error) error {
		a.Showcase.Fill(0, 0)
		err = errors.Join(err, markReady(dir, err))
		if err == nil { // the city is there; now its pages are put in order
			err = a.DB.Compact(c.context())
		}
		letGarbage(garbagePercent)
		debug.FreeOSMemory()
		return err
	})
}

// markReady says that the folder holds a complete demonstration, unless making it failed.
func markReady(dir string, err error) error {
	if err != nil {
		return nil
	}
	return writeMark(dir, demoReady)
}

// nextDir is where the demonstration of the next day is made.
func nextDir(dir string) string { return filepath.Clean(dir) + ".next" }

// swapDemo puts the fresh demonstration in the place of the one before, which nobody serves any more.
func swapDemo(dir string) error {
	return errors.Join(os.RemoveAll(dir), os.Rename(nextDir(dir), dir))
}

// demoRenew waits for the time of day at which the demonstration is made anew, makes it beside the
// present one, and returns true when it is ready to take its place. What fails is tried again the
// next day.
func (c *call) demoRenew(
	ctx context.Context, f demoFlags, cfg config.Config, now clock.Clock,
) bool {
	for {
		at := nextTime(now.Now(), f.reset)
		select {
		case <-ctx.Done():
			return false
		case <-time.After(at.Sub(now.Now())):
		}
		err := c.demoFresh(ctx, f, cfg)
		if err == nil {
			return true
		}
		if ctx.Err() == nil {
			c.say("没有重建演示数据，明天再试：%s", err.Error())
		}
	}
}

// nextTime is when a day next has a time of the clock, in Shanghai.
func nextTime(now time.Time, dayTimeText string) time.Time {
	t, err := time.Parse(dayTime, dayTimeText)
	if err != nil {
		panic(err) // the flags were checked
	}
	local := now.In(clock.Shanghai)
	at := time.Date(local.Year(), local.Month(), local.Day(), t.Hour(), t.Minute(), 0, 0, clock.Shanghai)
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// demoFresh makes a whole demonstration in the folder beside the present one.
func (c *call) demoFresh(ctx context.Context, f demoFlags, cfg config.Config) error {
	dir := nextDir(cfg.Data.Dir)
	if err := os.RemoveAll(dir); err != nil { // of a night that failed
		return err
	}
	cfg.Data.Dir = dir
	a, err := app.Open(ctx, cfg, logger(c.err, cfg))
	if err != nil {
		return err
	}
	if f.empty {
		err = demo.Empty(ctx, a, f.options(), nil)
	} else {
		err = demo.Fill(ctx, a, f.options(), nil)
	}
	if err == nil {
		err = a.DB.Compact(ctx)
	}
	return errors.Join(err, a.Close(), markReady(dir, err))
}

// demoFolder says whether a folder holds a complete demonstration. It marks an empty one, and
// refuses any other: demo log-ins in front of somebody's data would be an open door.
func demoFolder(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return false, err
	}
	if len(entries) == 0 {
		return false, writeMark(dir, demoFilling)
	}
	mark, err := os.ReadFile(filepath.Join(dir, demoMark))
	switch {
	case err == nil && string(mark) == demoReady:
		return true, nil
	case err == nil:
		return false, withHint(errDemoHalf, "请删除 %s 后重试", dir)
	case errors.Is(err, os.ErrNotExist):
		return false, withHint(errNoDemo, "请换一个空目录，或不给 --dir")
	default:
		return false, err
	}
}

var (
	errDemoHalf = errors.New("the demo data in this folder was not finished")
	errNoDemo   = errors.New("this folder holds something other than a demo")
)

func writeMark(dir, text string) error {
	path := filepath.Join(dir, demoMark)
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// demoConfig ignores settings of the machine: whatever they say, a demonstration touches only its
// own folder and opens one port.
func (c *call) demoConfig(dir, addr string) (config.Config, error) {
	cfg := config.Default()
	cfg.Server.Addr = addr
	cfg.Data.Dir = dir
	cfg.Log.Level = "warn"
	cfg.Session.AdminsByCode = false // nobody has the device of an invented person
	cfg.Backup.At = ""
	if len(c.common.set) > 0 || c.common.config != "" || c.common.database != "" {
		return cfg, misused("演示不接受 --config、--database、--set")
	}
	return cfg, cfg.Validate()
}

func (c *call) demoLogins(f demoFlags, address, dir string) error {
	c.tell("演示站点：%s", address)
	c.tell("数据目录：%s", dir)
	fmt.Fprintln(c.out)
	rows := [][]string{{c.t("角色"), c.t("登录名"), c.t("密码"), c.t("姓名")}}
	logins := demo.Logins(f.city)
	if f.empty {
		logins = demo.EmptyLogins(f.city)
	}
	for _, l := range logins {
		rows = append(rows, []string{c.t(l.Role.Title()), l.Login, demo.Password, l.Name})
	}
	if err := table(c.out, rows); err != nil {
		return err
	}
	fmt.Fprintln(c.out)
	return nil
}
