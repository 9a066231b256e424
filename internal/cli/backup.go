package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/backup"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// steps shows the progress of several steps, each with its own bar.
func (c *call) steps() backup.Progress {
	bars := map[string]*progress{}
	return func(step string, done, total int64) {
		if bars[step] == nil {
			bars[step] = c.progress(c.t(step))
		}
		bars[step].at(int(done), int(total))
	}
}

// kernel is a database with its files, without rooms: nothing is migrated, loaded or changed.
type kernel struct {
	db    *db.DB
	unit  *unit.Unit
	blobs *blob.Store
}

func (k kernel) close() error { return errors.Join(k.blobs.Close(), k.db.Close()) }

func (c *call) kernel(cfg config.Config) (kernel, error) {
	if err := c.there(cfg); err != nil {
		return kernel{}, err
	}
	d, err := c.database(cfg)
	if err != nil {
		return kernel{}, err
	}
	k := kernel{db: d, unit: unit.New(d, clock.System(), unitOptions(cfg))}
	missing, err := d.Pending(c.ctx)
	if err == nil && len(missing) > 0 {
		err = withHint(backup.ErrNotMigrated, "请运行：yuntu migrate")
	}
	if err == nil {
		k.blobs, err = blob.Open(k.unit, blob.Options{Dir: cfg.BlobDir()})
	}
	if err != nil {
		return kernel{}, errors.Join(err, d.Close())
	}
	return k, nil
}

// unitOptions makes entries in the trail with the hash that the settings choose.
func unitOptions(cfg config.Config) unit.Options {
	return unit.Options{Algo: audit.Algo(cfg.Audit.Algo)}
}

func (c *call) database(cfg config.Config) (*db.DB, error) {
	url, err := cfg.DatabaseURL()
	if err != nil {
		return nil, err
	}
	return db.Open(c.ctx, db.Options{URL: url})
}

func (c *call) backup(args []string) error {
	out := c.flags.String("out", "", c.t("备份文件 `FILE`；不给则放入备份目录并清理过多的旧备份"))
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
	if err := c.none(args); err != nil {
		return err
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	k, err := c.kernel(cfg)
	if err != nil {
		return err
	}
	defer k.close()
	dir := cfg.BackupDir()
	made, file := backup.Made{}, *out
	if file != "" {
		made, err = c.backupTo(k, file)
	} else {
		s := backup.NewService(k.unit, k.blobs, job.NewRunner(k.unit, job.NewDesk(k.unit), job.Options{}),
			backup.Options{Dir: dir, Keep: cfg.Backup.Keep, Program: config.Version()})
		made, err = s.Make(c.ctx, operator(authz.SysAdmin), c.steps())
		file = filepath.Join(dir, made.File)
	}
	if err != nil {
		return withHint(err, "没有留下备份；站点与数据没有改变")
	}
	if *out != "" { // the service has done it for a backup of its own
		if err := backup.Taken(c.ctx, k.unit, operator(authz.SysAdmin), made); err != nil {
			return withHint(err, "备份已写好并已验证，只是没有能记入审计")
		}
	}
	made.File = file
	if *asJSON {
		return c.json(made)
	}
	c.tell("备份完成并已验证：%s", file)
	c.tell("%d 行数据，%d 个附件，审计记录至 %d 号", made.Rows, made.Files, made.AuditSeq)
	c.tell("最后一条的散列值：%s", made.AuditHash)
	c.lost(made.Missing)
	return nil
}

// lost names files that were lost before the backup.
func (c *call) lost(hashes []string) {
	if len(hashes) == 0 {
		return
	}
	c.say("警告：%d 个附件在备份之前已经丢失或损坏：", len(hashes))
	for _, h := range hashes {
		fmt.Fprintln(c.err, "  "+h)
	}
}

// backupTo writes to a place of the operator's own.
func (c *call) backupTo(k kernel, file string) (backup.Made, error) {
	m, err := backup.Make(c.ctx, backup.Source{DB: k.db, Blobs: k.blobs, Clock: k.unit.Clock(),
		Program: config.Version(), Step: c.steps()}, file)
	return backup.Made{File: file, Rows: m.Rows, Files: m.Blobs, Missing: m.Missing,
		AuditSeq: m.AuditSeq, AuditHash: m.AuditHash}, err
}

func (c *call) restore(args []string) error {
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return misused("请给出一个备份文件")
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if _, err := os.Stat(rest[0]); err != nil {
		return err
	}
	missing, err := missingFile(cfg)
	if err != nil {
		return err
	}
	d, err := c.database(cfg)
	if err != nil {
		return err
	}
	defer d.Close()
	m, err := backup.Restore(c.ctx, rest[0], backup.Target{
		DB: d, BlobDir: cfg.BlobDir(), Step: c.steps()})
	if err != nil && missing != "" && !errors.Is(err, db.ErrUnsure) {
		err = errors.Join(err, d.Close(), removeSQLite(missing))
	}
	if errors.Is(err, backup.ErrNotEmpty) {
		return withHint(err, "请指定空的数据库和目录：--database、--dir；或先把旧的移走")
	}
	if err != nil {
		return withHint(err, "没有恢复任何数据")
	}
	u := unit.New(d, clock.System(), unitOptions(cfg))
	if err := backup.Restored(c.ctx, u, operator(authz.SysAdmin), rest[0], m); err != nil {
		return err
	}
	if *asJSON {
		return c.json(m)
	}
	c.tell("已恢复并核对：%d 行数据，%d 个附件，审计记录至 %d 号", m.Rows, m.Blobs, m.AuditSeq)
	c.tell("备份时间：%s", i18n.DateTime(c.common.language(), clock.Time(m.AtUs)))
	c.lost(m.Missing)
	if _, err := os.Stat(filepath.Join(cfg.Data.Dir, app.KeyFile)); err != nil {
		c.say("请把原来的密钥文件 %s 放回 %s，否则证件号码、电话、邮箱和两步验证无法读取", app.KeyFile, cfg.Data.Dir)
	}
	return nil
}

// removeSQLite removes a database and what SQLite puts beside it.
func removeSQLite(path string) error {
	for _, end := range []string{"-wal", "-shm", ""} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// drilled is the report of a drill.
type drilled struct {
	File       string  `json:"file"`
	Bytes      int64   `json:"bytes"`
	Rows       int64   `json:"rows"`
	Files      int64   `json:"files"`
	Missing    int     `json:"missing"`
	Tables     int     `json:"tables"`
	AuditSeq   int64   `json:"auditSeq"`
	AuditHash  string  `json:"auditHash"`
	AtUs       int64   `json:"atUs"`
	BackupSec  float64 `json:"backupSeconds,omitempty"` // making and proving
	RestoreSec float64 `json:"restoreSeconds"`          // restoring and checking once more
}

func (c *call) drill(args []string) error {
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 1 {
		return misused("多余的参数“%s”", rest[1])
	}
	dir, err := os.MkdirTemp("", "yuntu-drill-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var r drilled
	if len(rest) == 1 {
		r.File = rest[0]
	} else if r, err = c.drillBackup(dir); err != nil {
		return err
	}
	clk := clock.System()
	start := clk.Now()
	m, err := backup.Verify(c.ctx, r.File, dir, c.steps())
	if err != nil {
		return withHint(err, "这个备份不能恢复：请检查磁盘，重新备份，并查找原因")
	}
	r.RestoreSec = seconds(clk.Now().Sub(start))
	r.Rows, r.Files, r.Missing, r.Tables = m.Rows, m.Blobs, len(m.Missing), len(m.Tables)
	r.AuditSeq, r.AuditHash, r.AtUs = m.AuditSeq, m.AuditHash, m.AtUs
	if info, err := os.Stat(r.File); err == nil {
		r.Bytes = info.Size()
	}
	if *asJSON {
		return c.json(r)
	}
	c.tell("演练成功：%d 张表 %d 行，%d 个附件，文件 %d 字节", r.Tables, r.Rows, r.Files, r.Bytes)
	if r.BackupSec > 0 {
		c.tell("备份并验证用时 %.1f 秒", r.BackupSec)
	}
	c.tell("恢复并核对用时 %.1f 秒", r.RestoreSec)
	c.tell("审计记录至 %d 号，散列值 %s", r.AuditSeq, r.AuditHash)
	c.lost(m.Missing)
	return nil
}

func seconds(d time.Duration) float64 { return float64(d.Milliseconds()) / 1000 }

// drillBackup makes a backup in a folder that goes away.
func (c *call) drillBackup(dir string) (drilled, error) {
	cfg, err := c.load()
	if err != nil {
		return drilled{}, err
	}
	k, err := c.kernel(cfg)
	if err != nil {
		return drilled{}, err
	}
	defer k.close()
	clk := clock.System()
	start := clk.Now()
	made, err := c.backupTo(k, filepath.Join(dir, backup.Name(start)))
	return drilled{File: made.File, BackupSec: seconds(clk.Now().Sub(start))}, err
}
