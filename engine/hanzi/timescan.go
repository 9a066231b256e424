package hanzi

// TimeContext is what a time expression is resolved against.
type TimeContext struct {
	Date   Date // the document's date
	Second int  // its time of day in seconds since midnight, for 三小时后
	Lean   Lean // the year that is meant where the words name none
	// Loose also admits forms of speech and of input fields that mean something else in
	// most official prose: 9点 (nine points), 12/1 (a ratio), 98年, 3-7-07, 2016到2018.
	Loose bool
}

// Lean chooses between the years that fit a time without a year of its own.
type Lean int8

const (
	LeanPast   Lean = -1 // the last one before the document's date
	LeanSame   Lean = 0  // the one in the year of the document's date
	LeanFuture Lean = 1  // the first one not before the document's date
)

// ScanTime reads the longest time expression that begins exactly at rune i and resolves
// it against ref, the date of the document; times without a year are of ref's year. It
// returns at once, without allocation, where none can begin.
func ScanTime(r []rune, i int, ref Date) (Time, bool) {
	return ScanTimeIn(r, i, TimeContext{Date: ref})
}

// ScanTimeIn is ScanTime with a context of more than a date.
func ScanTimeIn(r []rune, i int, ctx TimeContext) (Time, bool) {
	if i < 0 || i >= len(r) {
		return Time{}, false
	}
	as := timeReadings(r[i])
	if as == 0 {
		return Time{}, false
	}
	s := timeScanner{r: r, TimeContext: ctx}
	if as&readNumber != 0 && (s.amidNumber(i) || r[i] != '元' && !s.leads(i)) {
		return Time{}, false // 元 also begins 元旦
	}
	var best Time
	if role, j, ok := s.rolePrefix(i); ok && as&readRole != 0 {
		if p, end, ok := s.extent(s.skip(j)); ok && p.role == RoleIn {
			best = s.finish(i, p, end, role)
		}
	}
	if p, end, ok := s.extent(i); ok {
		if t := s.finish(i, p, end, RoleIn); t.End > best.End {
			best = t
		}
	}
	return best, best.End > i && best.From.inRange() && best.To.inRange()
}

// inRange reports whether a date is open or within the years that a Date can name.
func (d Date) inRange() bool { return d.IsZero() || d.Year >= 1 && d.Year <= 9999 }

// rolePrefix reads a word that gives the time behind it its role.
func (s *timeScanner) rolePrefix(i int) (Role, int, bool) {
	switch s.at(i) {
	case '截':
		_, j, ok := s.any(i, "截止到", "截至到", "截止至", "截止于", "截至", "截止")
		return RoleAsOf, j, ok
	case '到', '至', '直':
		if _, j, ok := s.any(i, "至迟", "至晚"); ok {
			return RoleDeadline, j, true
		}
		_, j, ok := s.any(i, "直到", "直至", "到", "至")
		return RoleDeadline, j, ok && !s.completes(i)
	case '自', '从':
		_, j, ok := s.any(i, "自从", "自", "从")
		return RoleFrom, j, ok
	case '不', '早', '晚', '迟', '最':
		k, j, ok := s.any(i, "不晚于", "不迟于", "最晚于", "最迟于", "最晚", "最迟", "早于", "不早于", "最早",
			"晚于", "迟于")
		return [...]Role{RoleDeadline, RoleDeadline, RoleDeadline, RoleDeadline, RoleDeadline,
			RoleDeadline, RoleDeadline, RoleFrom, RoleFrom, RoleAfter, RoleAfter}[k], j, ok
	}
	return RoleIn, i, false
}

// completes reports whether 到 or 至 at i belongs to the verb before it, so that the time
// behind it is the time of its number: 由2017年的321家猛增到2020年的8700家.
func (s *timeScanner) completes(i int) bool {
	switch s.at(i - 1) {
	case '增', '升', '降', '减', '达', '高', '大', '低', '小', '少', '涨', '跌', '落', '回', '得', '来', '长',
		'展', '压', '缩', '扩', '加':
		return true
	}
	return false
}

// finish reads the word behind a time that gives it its role, and makes the result.
func (s *timeScanner) finish(i int, p period, end int, role Role) Time {
	if p.role == RoleIn && !p.closed {
		if r, j, ok := s.roleSuffix(end, p.prec); ok {
			end = j
			if r != RoleIn {
				role = r
			}
		}
	} else if p.role != RoleIn {
		role = p.role
	}
	t := Time{Start: i, End: end, From: p.from, To: p.to, FromSecond: p.fromSec,
		ToSecond: p.toSec, Precision: p.prec, Role: role, Partial: p.noYear,
		Relative: p.relative, Same: p.same, Lunar: p.lunar, HalfDay: p.halfDay,
		NoDate: p.noDate, Missing: p.missing}
	switch role {
	case RoleAsOf, RoleDeadline:
		t.From, t.FromSecond = Date{}, -1
	case RoleSince:
		t.To, t.ToSecond = s.Date, -1
		if s.Date.Before(t.From) {
			t.To = Date{}
		}
	case RoleFrom:
		if !p.ranged {
			t.To, t.ToSecond = Date{}, -1
		} else {
			t.Role = RoleIn
		}
	case RoleAfter:
		t.From, t.FromSecond = p.to, p.toSec
		if p.prec > PrecisionDay && !p.to.IsZero() {
			t.From = p.to.AddDays(1)
		}
		t.To, t.ToSecond = Date{}, -1
	}
	return t
}

// roleSuffix reads the words behind a time: 前, 以后, 以来, 起, 期间, 内.
func (s *timeScanner) roleSuffix(i int, prec Precision) (Role, int, bool) {
	if s.at(i) == '（' || s.at(i) == '(' {
		if _, j, ok := s.any(i+1, "含）", "含)", "含当日）", "含本日）", "含当年）"); ok {
			i = j
		}
	}
	switch s.at(i) {
	case '或', '及', '之', '以', '前', '底':
		if _, j, ok := s.any(i, "或之前", "或以前", "及以前", "及之前", "之前", "以前", "前夕",
			"前"); ok && !s.opensWord(j, '前') {
			return RoleDeadline, j, true
		}
		if _, j, ok := s.any(i, "或之后", "或以后", "及以后", "及之后"); ok {
			return RoleFrom, j, true
		}
		if _, j, ok := s.any(i, "之后", "以后", "以後", "之後"); ok {
			return RoleAfter, j, true
		}
		if _, j, ok := s.any(i, "以来", "以來"); ok {
			return RoleSince, j, true
		}
		if _, j, ok := s.any(i, "以内", "之内", "之间"); ok && prec > PrecisionDay {
			return RoleIn, j, true
		}
	case '后', '後':
		return RoleAfter, i + 1, !s.opensWord(i+1, '后')
	case '至', '迄':
		_, j, ok := s.any(i, "至今", "迄今")
		return RoleSince, j, ok
	case '开', '起', '伊':
		_, j, ok := s.any(i, "开始", "起至今", "起", "伊始")
		return RoleFrom, j, ok && !s.opensWord(j, s.at(j-1))
	case '期', '时', '内', '间':
		if j, ok := s.lit(i, "期间"); ok {
			return RoleIn, j, true
		}
		_, j, ok := s.any(i, "时期", "期内", "内", "间")
		return RoleIn, j, ok && prec > PrecisionDay && !s.opensWord(j, s.at(j-1))
	}
	return RoleIn, i, false
}

// opensWord reports whether the rune c, read just before i, belongs to a word that goes
// on at i and is no role: 后|续, 前|期, 起|草, 内|部.
func (s *timeScanner) opensWord(i int, c rune) bool {
	var next string
	switch c {
	case '前':
		next = "期往景沿瞻列茅进提身言后缀线移三两"
	case '后':
		next = "续备勤期台者果评发劲方"
	case '起':
		next = "草步诉来伏点重源"
	case '内':
		next = "部容生外需陆涵控循资"
	case '间':
		next = "接隔距"
	case '始':
		next = "终"
	}
	n := s.at(i)
	for _, x := range next {
		if x == n {
			return true
		}
	}
	return false
}
