package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// common is what every command may be told.
type common struct {
	config   string
	dir      string
	database string
	lang     string
	quiet    bool
	set      settings
}

// settings collects --set key=value.
type settings map[string]string

// String shows nothing: the flag has no default.
func (s settings) String() string { return "" }

// Set takes one key=value.
func (s settings) Set(text string) error {
	key, value, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("%q is not key=value", text)
	}
	s[key] = value
	return nil
}

func (o *common) add(c *call) {
	o.set = settings{}
	f := c.flags
	f.StringVar(&o.config, "config", "", c.t("配置文件（TOML）`FILE`"))
	f.StringVar(&o.dir, "dir", "", c.t("数据目录 `DIR`（配置项 data.dir）"))
	f.StringVar(&o.database, "database", "", c.t("数据库地址 `URL`（配置项 database.url）"))
	f.StringVar(&o.lang, "lang", o.lang, c.t("提示的语言 `LANG`：zh 或 en"))
	f.BoolVar(&o.quiet, "quiet", false, c.t("不显示进度"))
	f.Var(o.set, "set", c.t("任一配置项 `KEY=VALUE`，可重复"))
}

func (o *common) language() i18n.Lang { return i18n.Parse(o.lang) }

// load reads the settings.
func (c *call) load() (config.Config, error) {
	flags := map[string]string{}
	for k, v := range c.common.set {
		flags[k] = v
	}
	if c.common.dir != "" {
		flags["data.dir"] = c.common.dir
	}
	if c.common.database != "" {
		flags["database.url"] = c.common.database
	}
	cfg, err := config.FromEnv(c.common.config, flags)
	if err != nil {
		return cfg, withHint(err, "全部配置项与默认值：yuntu help settings")
	}
	return cfg, nil
}

// open reads the settings and puts the house together. Logs of commands go to standard error from
// warnings on; serve says its own.
func (c *call) open() (*app.App, error) {
	cfg, err := c.load()
	if err != nil {
		return nil, err
	}
	level := slog.LevelWarn
	log := slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: level}))
	return app.Open(c.context(), cfg, log)
}

// existing is open for commands that only make sense where there is data. A folder that was misspelt must
// not become an empty database whose trail is whole and whose export has no rows.
func (c *call) existing() (*app.App, error) {
	cfg, err := c.load()
	if err != nil {
		return nil, err
	}
	if err := c.there(cfg); err != nil {
		return nil, err
	}
	return c.open()
}

var errNoDatabase = errors.New("there is no database")

// there refuses a SQLite database whose file does not exist. PostgreSQL says so itself.
func (c *call) there(cfg config.Config) error {
	missing, err := missingFile(cfg)
	if err == nil && missing != "" {
		err = withHint(errNoDatabase, "没有文件 %s：请检查 --dir、--database 或配置文件", missing)
	}
	return err
}

// missingFile is the file of a SQLite database that is not there yet; "" when it is, or with PostgreSQL.
func missingFile(cfg config.Config) (string, error) {
	url, err := cfg.DatabaseURL()
	if err != nil {
		return "", err
	}
	path, lite := strings.CutPrefix(url, "sqlite:")
	if !lite {
		return "", nil
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return path, nil
}

func (c *call) context() context.Context { return i18n.With(c.ctx, c.common.language()) }

// logger makes the log of a running server.
func logger(w io.Writer, cfg config.Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Log.Level)); err != nil {
		level = slog.LevelInfo // Validate has refused other words
	}
	o := &slog.HandlerOptions{Level: level}
	if cfg.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// operator is who acts from the shell: whoever can read the database file is the machine's
// administrator. The audit trail names the door. The account is none of the site's, whose ids are
// longer; imports belong to it.
func operator(role authz.Role) authz.Actor {
	return authz.Actor{Account: "shell", Login: "shell", Role: role, Via: authz.ViaCLI}
}
