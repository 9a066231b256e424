package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/identity"
)

// userFlags are all flags of the command user; each subcommand uses some.
type userFlags struct {
	system, security, audit           *string
	name, phone, email, passwordFile  *string
	query, org, region, basis, reason *string
	ask, recover, end, asJSON         *bool
}

func (c *call) userFlags() userFlags {
	text := func(name, usage string) *string { return c.flags.String(name, "", c.t(usage)) }
	yes := func(name, usage string) *bool { return c.flags.Bool(name, false, c.t(usage)) }
	return userFlags{
		system:       text("system", "系统管理员的登录名 `LOGIN`"),
		security:     text("security", "安全管理员的登录名 `LOGIN`"),
		audit:        text("audit", "审计管理员的登录名 `LOGIN`"),
		name:         text("name", "姓名 `NAME`"),
		phone:        text("phone", "电话 `PHONE`"),
		email:        text("email", "邮箱 `EMAIL`"),
		passwordFile: text("password-file", "从文件 `FILE` 读取密码，- 为标准输入；不给则生成一个"),
		query:        text("query", "登录名或姓名的开头 `TEXT`"),
		org:          text("org", "所代表单位的编号 `ID`"),
		region:       text("region", "所负责地区的行政区划代码 `CODE`"),
		basis:        text("basis", "授予角色的依据 `TEXT`"),
		reason:       text("reason", "理由 `TEXT`"),
		ask:          yes("ask", "在终端上输入密码（不显示）"),
		recover:      yes("recover", "同时取消两步验证；管理员账号只能这样重置"),
		end:          yes("end", "结束全部会话"),
		asJSON:       yes("json", "以 JSON 输出"),
	}
}

func (c *call) user(args []string) error {
	f := c.userFlags()
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return misused("请写明要做什么")
	}
	what, rest := rest[0], rest[1:]
	do, known := map[string]func(*app.App, userFlags, []string) error{
		"bootstrap": c.userBootstrap, "add": c.userAdd, "list": c.userList, "role": c.userRole,
		"password": c.userPassword, "lock": c.userLock, "unlock": c.userUnlock,
		"sessions": c.userSessions,
	}[what]
	if !known {
		return misused("没有“%s”这个命令", "user "+what)
	}
	if alone := what == "bootstrap" || what == "list"; alone != (len(rest) == 0) {
		return misused("请给出登录名，或去掉多余的参数")
	}
	open := c.existing
	if what == "bootstrap" || what == "add" {
		open = c.open // with them a system may begin
	}
	a, err := open()
	if err != nil {
		return err
	}
	defer a.Close()
	return do(a, f, rest)
}

func (c *call) userBootstrap(a *app.App, f userFlags, _ []string) error {
	if *f.system == "" || *f.security == "" || *f.audit == "" {
		return misused("请用 --system、--security、--audit 给出三位管理员的登录名")
	}
	seat := func(login, name string) identity.NewAccount {
		return identity.NewAccount{Login: login, Name: c.t(name)}
	}
	made, err := a.Identity.Bootstrap(c.context(), operator(authz.SysAdmin), identity.FirstAdmins{
		System:   seat(*f.system, "系统管理员"),
		Security: seat(*f.security, "安全管理员"),
		Audit:    seat(*f.audit, "审计管理员"),
	})
	if err != nil {
		return err
	}
	list := []identity.Created{made.System, made.Security, made.Audit}
	if *f.asJSON {
		return c.json(list)
	}
	var rows [][]string
	for _, x := range list {
		rows = append(rows, []string{x.Name, x.Login, x.Made})
	}
	if err := table(c.out, rows); err != nil {
		return err
	}
	c.say("密码只显示这一次，首次登录须修改。请分别交给三个人（三权分立）。")
	return nil
}

// password reads a password from a file or the terminal; "" lets one be made up. It never stands
// among the arguments, which other users of the machine can read.
func (c *call) password(f userFlags) (string, error) {
	switch {
	case *f.passwordFile == "-":
		return firstLine(c.in)
	case *f.passwordFile != "":
		file, err := os.Open(*f.passwordFile)
		if err != nil {
			return "", err
		}
		defer file.Close()
		return firstLine(file)
	case *f.ask:
		return c.askPassword()
	}
	return "", nil
}

func (c *call) askPassword() (string, error) {
	file, ok := c.in.(*os.File)
	if !ok {
		return "", withHint(errNoTerminal, "请改用 --password-file")
	}
	show, err := hideInput(file)
	if err != nil {
		return "", withHint(errNoTerminal, "请改用 --password-file")
	}
	defer show()
	in := bufio.NewReader(file)
	var typed [2]string
	for i, prompt := range []string{"密码：", "再输入一次："} {
		fmt.Fprint(c.err, c.t(prompt))
		line, err := in.ReadString('\n')
		fmt.Fprintln(c.err)
		if err != nil {
			return "", err
		}
		typed[i] = strings.TrimRight(line, "\r\n")
	}
	if typed[0] != typed[1] {
		return "", misused("两次输入的密码不同")
	}
	return typed[0], nil
}

var errNoTerminal = errors.New("standard input is no terminal")

// maxPassword bounds what is read, in bytes.
const maxPassword = 4096

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxPassword)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", misused("密码是空的")
	}
	return line, nil
}

func (c *call) userAdd(a *app.App, f userFlags, rest []string) error {
	if len(rest) != 1 {
		return misused("请给出一个登录名")
	}
	password, err := c.password(f)
	if err != nil {
		return err
	}
	made, err := a.Identity.CreateAccount(c.context(), operator(authz.SysAdmin), identity.NewAccount{
		Login: rest[0], Name: *f.name, Phone: *f.phone, Email: *f.email, Password: password,
	})
	if err != nil {
		return err
	}
	if *f.asJSON {
		return c.json(made)
	}
	c.tell("已建立账号 %s（%s）", made.Login, made.Name)
	if made.Made != "" {
		c.tell("密码：%s", made.Made)
		c.say("密码只显示这一次，首次登录须修改。")
	}
	return nil
}

// each calls fn for the items of every page.
func each[T any](fetch func(db.PageReq) (db.Page[T], error), fn func(T) error) error {
	req := db.PageReq{Limit: db.MaxLimit}
	for {
		page, err := fetch(req)
		if err != nil {
			return err
		}
		for _, x := range page.Items {
			if err := fn(x); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		req.After = page.Next
	}
}

func (c *call) userList(a *app.App, f userFlags, _ []string) error {
	list := []identity.Account{}
	err := each(func(p db.PageReq) (db.Page[identity.Account], error) {
		return a.Identity.ListAccounts(c.context(), operator(authz.SysAdmin),
			identity.AccountFilter{Query: *f.query}, "login", p)
	}, func(x identity.Account) error {
		list = append(list, x)
		return nil
	})
	if err != nil {
		return err
	}
	if *f.asJSON {
		return c.json(list)
	}
	var rows [][]string
	for _, x := range list {
		rows = append(rows, []string{x.Login, x.Name, c.t(x.Status.Title()), x.ID})
	}
	return table(c.out, rows)
}

// find returns the account of a login name.
func (c *call) account(a *app.App, login string) (identity.Account, error) {
	return a.Identity.FindLogin(c.context(), operator(authz.SysAdmin), login)
}

func (c *call) userRole(a *app.App, f userFlags, rest []string) error {
	if len(rest) < 2 || (rest[1] == "list") != (len(rest) == 2) {
		return misused("请给出登录名，以及 list 或 grant、revoke 与角色")
	}
	x, err := c.account(a, rest[0])
	if err != nil {
		return err
	}
	by := operator(authz.SecAdmin)
	held := []identity.Granted{}
	err = each(func(p db.PageReq) (db.Page[identity.Granted], error) {
		return a.Identity.ListRoles(c.context(), by,
			identity.RoleFilter{Account: x.ID, Current: true}, p)
	}, func(g identity.Granted) error {
		held = append(held, g)
		return nil
	})
	if err != nil {
		return err
	}
	switch rest[1] {
	case "list":
		return c.showRoles(held, *f.asJSON)
	case "grant":
		_, err = a.Identity.GrantRole(c.context(), by, identity.GrantInput{Account: x.ID,
			Role: authz.Role(rest[2]), Org: *f.org, Region: *f.region, Basis: *f.basis})
	case "revoke":
		err = c.revoke(a, f, held, authz.Role(rest[2]))
	default:
		return misused("没有“%s”这个命令", "user role "+rest[1])
	}
	if err == nil {
		c.say("已完成")
	}
	return err
}

func (c *call) showRoles(held []identity.Granted, asJSON bool) error {
	if asJSON {
		return c.json(held)
	}
	var rows [][]string
	for _, g := range held {
		rows = append(rows, []string{string(g.Role), c.t(g.Role.Title()), g.OrgName, g.Region,
			string(clock.DateOf(clock.Time(g.GrantedUs)))})
	}
	return table(c.out, rows)
}

func (c *call) revoke(
	a *app.App, f userFlags, held []identity.Granted, role authz.Role,
) error {
	n := 0
	for _, g := range held {
		if g.Role != role || *f.org != "" && g.Org != *f.org ||
			*f.region != "" && g.Region != *f.region {
			continue
		}
		n++
		err := a.Identity.RevokeRole(c.context(), operator(authz.SecAdmin), identity.RevokeInput{
			ID: g.ID, Reason: *f.reason, Version: g.Version})
		if err != nil {
			return err
		}
	}
	if n == 0 {
		return misused("该账号没有这个角色")
	}
	return nil
}

func (c *call) userPassword(a *app.App, f userFlags, rest []string) error {
	x, err := c.account(a, rest[0])
	if err != nil {
		return err
	}
	var made string
	if *f.recover {
		var out identity.Created
		out, err = a.Identity.Recover(c.context(), operator(authz.SysAdmin), rest[0])
		made = out.Made
	} else {
		made, err = a.Identity.ResetPassword(c.context(), operator(authz.SysAdmin), x.ID, x.Version)
	}
	if err != nil {
		return withHint(err, "管理员账号请加 --recover")
	}
	if *f.asJSON {
		return c.json(map[string]string{"login": x.Login, "madePassword": made})
	}
	c.tell("密码：%s", made)
	c.say("密码只显示这一次，首次登录须修改。")
	return nil
}

func (c *call) userLock(a *app.App, f userFlags, rest []string) error {
	return c.userStatus(a, f, rest, identity.Locked)
}

func (c *call) userUnlock(a *app.App, f userFlags, rest []string) error {
	return c.userStatus(a, f, rest, identity.Active)
}

func (c *call) userStatus(
	a *app.App, f userFlags, rest []string, status identity.Status,
) error {
	x, err := c.account(a, rest[0])
	if err != nil {
		return err
	}
	_, err = a.Identity.SetAccountStatus(c.context(), operator(authz.SysAdmin),
		identity.StatusInput{ID: x.ID, Status: status, Reason: *f.reason, Version: x.Version})
	if err == nil {
		c.say("已完成")
	}
	return err
}

func (c *call) userSessions(a *app.App, f userFlags, rest []string) error {
	x, err := c.account(a, rest[0])
	if err != nil {
		return err
	}
	// Sessions are everybody's own: the machine's operator acts in the place of the account, and
	// the trail says through which door.
	by := authz.Actor{Account: x.ID, Login: "shell", Role: authz.Public, Via: authz.ViaCLI}
	if *f.end {
		n, err := a.Identity.EndOtherSessions(c.context(), by, "")
		if err == nil {
			c.say("已结束 %d 个会话", n)
		}
		return err
	}
	list, err := a.Identity.ListSessions(c.context(), by, "")
	if err != nil {
		return err
	}
	if *f.asJSON {
		return c.json(list)
	}
	var rows [][]string
	for _, s := range list {
		rows = append(rows, []string{s.ID, s.Address, s.Agent})
	}
	return table(c.out, rows)
}
