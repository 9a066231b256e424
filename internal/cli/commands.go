package cli

import (
	"fmt"

	"github.com/yuntu-city/yuntu/internal/config"
)

// commands lists every command in the order of the help page.
func commands() []command { return append(cityCommands(), houseCommands()...) }

// cityCommands are those of the site and of the engines.
func cityCommands() []command {
	return []command{
		{"demo", "[--city CITY] [--size SIZE] [--seed N] [--empty] [--reset HH:MM] [--addr HOST:PORT] [--dir DIR]",
			"用虚构的演示数据运行一个完整的站点", []string{
				"不给 --dir 时数据放在临时目录，退出后删除。",
				"先装入少量数据并开始服务，其余在后台装入，页面顶端显示进度。",
				"--reset 每天另建一份新数据，建好后换上，登录和修改都会清除。"}, (*call).demo},
		{"serve", "[--addr HOST:PORT]", "运行站点与接口", nil, (*call).serve},
		{"read", "[--json|--text] [--date DATE] [--place PLACE] FILE…",
			"从文件中读出指标、目标与任务", []string{
				"可读 txt、html、docx 和有文字层的 pdf、ofd；- 为标准输入。",
				"不需要网络和数据库。位置是文字中的序号，文字可用 --text 取得。",
				"有文件无法读取时退出码为 2，其余文件照常读取。"}, (*call).readFiles},
		{"match", "--needs FILE --offers FILE [--top N] [--pairs FILE] [--explain] [--json]",
			"为需求匹配成果，并说明理由", []string{
				"可读 JSONL（id、title、text 等）、CSV 与 XLSX；- 为标准输入。",
				"不需要网络和数据库。给出 --pairs 时只为其中各对打分，--top 不起作用。",
				"还可给出 keywords、field、chain、region、trl、ip、deadline、modes、budget（需求）、price（成果），金额以元计或如 50万元。",
			}, (*call).match},
		{"search", "--docs FILE --queries FILE [--top N] [--dictionary FILE] [--explain] [--json]",
			"在文档中查找", []string{
				"可读 JSONL（id、title、text 等）、CSV 与 XLSX；- 为标准输入。",
				"给出汉英词典时，中文查询也能找到英文文档，反之亦然。"}, (*call).search},
		{"duplicates", "FILE [--least X] [--json]", "找出重复发布的需求、成果或文本", []string{
			"可读 JSONL（id、title、text 等）、CSV 与 XLSX；- 为标准输入。",
			"与语句的次序、全角半角、繁简和少量改动无关；许多条都有的套话几乎不计。"}, (*call).duplicates},
		{"eval", "--queries FILE --docs FILE --qrels FILE [--match] [--pool] [--gain KIND] [--json]",
			"用评判过的数据衡量查找与匹配：nDCG@10、MRR@10、recall@100", []string{
				"没有相关文档的查询不计入。"}, (*call).eval},
		{"bench", "retrieval [--docs N] [--queries M] [--threads T] [--json]",
			"用固定种子生成的数据测量引擎的速度与内存", []string{
				"retrieval：建立索引、词、向量与混合查找、全量匹配抽样。时间单位见名称。"}, (*call).bench},
		{"composite", "--spec FILE --data FILE [--correlate KIND] [--what-if X] [--reach X] [--compare FILE] [--json]",
			"由多项指标合成综合指数，说明每一步，并给出位次区间", []string{
				"说明写明指标的层次、权重与步骤；meta 可指向一张指标表（CSV）。",
				"步骤：denominate、screen、impute、treat、normalise、weigh、aggregate；不写时按通常做法。",
				"weigh 可写多位专家的两两比较（experts），pool 为 judgements（合成判断）或 priorities（合成权重）。",
				"给出 uncertainty 时变更各项选择，得出位次区间与各项选择的影响。",
				"数据有若干年时写 panel：year 为合成的年份，缺的值取自 maxYears 年以内的其他年份，how 为 latest（之前最近）或 linear（按前后年份）。",
				"--what-if 与 --reach 写作 单位:指标=数值（位次）；--compare 说明从另一份说明到这一份变了什么。"}, (*call).composite},
		{"formula", "FORMULA --at PERIOD [--data FILE] [--unit UNIT] [--json]",
			"计算指标公式，并列出用到的数", []string{
				"数据为 CSV，列为名称、单位、统计期、数值；数值留空即缺失。",
				"数为精确小数，单位自动换算；单位不合、除数为零、缺数都会说明。"}, (*call).formula},
	}
}

// houseCommands are those that keep the data.
func houseCommands() []command {
	return []command{
		{"import", "orgs|people FILE [--dry-run] [--mode skip|update] [--json]",
			"从 XLSX 或 CSV 文件导入", []string{
				"先逐行检查；有一处问题就一行也不写入。"}, (*call).imports},
		{"export", "orgs|people [--format xlsx|csv|json] [--out FILE] [--query TEXT …]",
			"导出名录", nil, (*call).exports},
		{"user", "bootstrap|add|list|role|password|lock|unlock|sessions …",
			"管理账号与角色", []string{
				"bootstrap --system LOGIN --security LOGIN --audit LOGIN",
				"add LOGIN --name NAME [--phone …] [--email …] [--password-file FILE | --ask]",
				"list [--query TEXT] [--json]",
				"role LOGIN grant|revoke ROLE [--org ID] [--region CODE] --basis TEXT",
				"role LOGIN list [--json]",
				"password LOGIN [--recover]",
				"lock|unlock LOGIN --reason TEXT",
				"sessions LOGIN [--end] [--json]",
			}, (*call).user},
		{"audit", "export [--after N] [--out FILE] | verify [FILE] [--json]",
			"导出审计记录，或验证审计链", nil, (*call).audit},
		{"backup", "[--out FILE] [--json]", "备份全部数据与文件，并验证可以恢复", []string{
			"数据库、附件写入一个文件；站点不必停止。",
			"密钥文件 master.key 与配置不在备份里，请另行保管。"}, (*call).backup},
		{"restore", "FILE [--json]", "把备份恢复到空的数据库与目录", []string{
			"不覆盖任何已有数据。SQLite 与 PostgreSQL 的备份可以互相恢复。"}, (*call).restore},
		{"drill", "[FILE] [--json]", "恢复演练：备份、恢复、核对、报告用时", []string{
			"给出 FILE 时演练已有的备份。"}, (*call).drill},
		{"check", "[--json]", "检查配置、数据库、文件与审计链", nil, (*call).check},
		{"migrate", "[--dry-run] [--json]", "升级数据库结构", nil, (*call).migrate},
		{"version", "[--json]", "显示版本", nil, (*call).version},
		{"completion", "bash|zsh|fish", "输出命令行补全脚本", nil, (*call).completion},
		{"help", "[COMMAND|settings [--json]]", "显示帮助", nil, (*call).help},
	}
}

func (c *call) help(args []string) error {
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 && rest[0] == "settings" {
		return c.helpSettings(*asJSON)
	}
	if len(rest) > 0 {
		return misused("没有“%s”这个命令", rest[0])
	}
	c.tell("yuntu — 城市创新生态操作系统")
	fmt.Fprintln(c.out)
	c.tell("用法：yuntu %s %s", "COMMAND", "[flags]")
	fmt.Fprintln(c.out)
	for _, cmd := range commands() {
		fmt.Fprintf(c.out, "  %-11s %s\n", cmd.name, c.t(cmd.summary))
	}
	fmt.Fprintln(c.out)
	c.tell("更多：yuntu help COMMAND，yuntu help settings")
	return nil
}

func (c *call) helpSettings(asJSON bool) error {
	if asJSON {
		return c.json(config.Describe())
	}
	c.tell("配置的先后：默认值 < 文件（--config）< 环境变量 < --set key=value")
	fmt.Fprintln(c.out)
	for _, line := range config.Describe() {
		fmt.Fprintf(c.out, "  %-28s %-34s %s\n", line.Key, line.Env, line.Default)
	}
	return nil
}

func (c *call) version(args []string) error {
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
	if err := c.none(args); err != nil {
		return err
	}
	if *asJSON {
		return c.json(map[string]string{"version": config.Version()})
	}
	fmt.Fprintln(c.out, "yuntu", config.Version())
	return nil
}
