package cli

import (
	"fmt"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/config"
)

func (c *call) serve(args []string) error {
	addr := c.flags.String("addr", "", "`address` to listen on (setting server.addr)")
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return misused("unexpected %q", rest[0])
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
	a, err := app.Open(c.context(), cfg, logger(c.err, cfg))
	if err != nil {
		return withHint(err, "look closer with: yuntu check")
	}
	defer a.Close()
	l, err := a.Listen()
	if err != nil {
		return withHint(err, "choose another address with --addr, such as --addr 127.0.0.1:0")
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
	fmt.Fprintf(c.out, "serving on %s\n", address)
	return a.Run(c.ctx, l)
}
