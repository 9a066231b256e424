package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/yuntu-city/yuntu/internal/app"
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

func (c *call) demo(args []string) error {
	addr := c.flags.String("addr", "127.0.0.1:8470", c.t("监听地址 `HOST:PORT`（配置项 server.addr）"))
	if err := c.none(args); err != nil {
		return err
	}
	dir := c.common.dir
	if dir == "" {
		made, err := os.MkdirTemp("", "yuntu-demo-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(made)
		dir = made
	}
	ready, err := demoFolder(dir)
	if err != nil {
		return err
	}
	cfg, err := c.demoConfig(dir, *addr)
	if err != nil {
		return err
	}
	return c.run(cfg, func(a *app.App, address string) error {
		if !ready {
			bar := c.progress(c.t("准备演示数据"))
			if err := demo.Fill(c.context(), a, demo.Seed, bar.at); err != nil {
				return withHint(err, "可以删除 %s 后重试", dir)
			}
			if err := writeMark(dir, demoReady); err != nil {
				return err
			}
		}
		return c.demoLogins(address, dir)
	})
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

func (c *call) demoLogins(address, dir string) error {
	c.tell("演示站点：%s", address)
	c.tell("数据目录：%s", dir)
	fmt.Fprintln(c.out)
	rows := [][]string{{c.t("角色"), c.t("登录名"), c.t("密码"), c.t("姓名")}}
	for _, l := range demo.Logins() {
		rows = append(rows, []string{c.t(l.Role.Title()), l.Login, demo.Password, l.Name})
	}
	if err := table(c.out, rows); err != nil {
		return err
	}
	fmt.Fprintln(c.out)
	return nil
}
