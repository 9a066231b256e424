package cli

import (
	"context"
	"os"
	"runtime/debug"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/config"
)

func (c *call) serve(args []string) error {
	addr := c.flags.String("addr", "", c.t("监听地址 `HOST:PORT`（配置项 server.addr）"))
	if err := c.none(args); err != nil {
		return err
	}
	if *addr != "" {
		c.common.set["server.addr"] = *addr
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	return c.run(cfg, nil)
}

// run opens the house and serves until it is told to stop. ready is called once the address is
// open, before the first request is answered.
func (c *call) run(cfg config.Config, ready func(*app.App, string) error) error {
	return c.runUntil(c.ctx, cfg, ready)
}

// garbagePercent is how much garbage a server lets lie for what it uses. With 50 the city takes 20 MB less and a
// quarter more time for collections, with the usual 100 it takes 20 MB more. GOGC says otherwise.
const garbagePercent = 75

// letGarbage sets how much garbage lies, unless GOGC says it.
func letGarbage(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

func (c *call) runUntil(
	ctx context.Context, cfg config.Config, ready func(*app.App, string) error,
) error {
	if err := app.CheckTLS(cfg); err != nil {
		return withHint(err, "请检查证书与密钥两个文件，以及能否读取它们")
	}
	a, err := app.Open(c.context(), cfg, logger(c.err, cfg))
	if err != nil {
		return withHint(err, "详细检查：yuntu check")
	}
	defer a.Close()
	letGarbage(garbagePercent)
	l, err := a.Listen()
	if err != nil {
		return withHint(err, "可用 --addr 换一个地址，如 --addr 127.0.0.1:0")
	}
	scheme := "http"
	if cfg.Server.TLSCert != "" {
		scheme = "https"
	}
	address := scheme + "://" + l.Addr().String()
	if ready != nil {
		if err := ready(a, address); err != nil {
			l.Close()
			return err
		}
	}
	c.tell("正在运行：%s", address)
	return a.Run(ctx, l)
}
