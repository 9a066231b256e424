package market

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// quoted is a title of its own in a text: 《…》 or “…”.
var quoted = regexp.MustCompile(`[《“"]([^《》“”"\n]{2,60})[》”"]`)

// readRights reads the numbers of intellectual property of an achievement.
func (x *reader) readRights() {
	if x.d.Kind != Achievement {
		return
	}
	for _, m := range rightText.FindAllStringSubmatchIndex(x.flat, -1) {
		if len(x.d.Rights) >= maxDraftRights {
			return
		}
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return x.flat[m[2*n]:m[2*n+1]]
		}
		r, sound := readRight(group)
		start, end := x.at[m[0]], x.at[m[1]]
		if before := x.at[m[0]]; before > 0 && isDigit(x.r[before-1]) || end < len(x.r) && isDigit(x.r[end]) {
			continue // a part of a longer number
		}
		if slices.ContainsFunc(x.d.Rights, func(o Right) bool { return o.Number == r.Number }) {
			continue
		}
		r.Title = x.titleBefore(start)
		x.d.Rights = append(x.d.Rights, r)
		s := x.from("rights."+strconv.Itoa(len(x.d.Rights)-1), start, end)
		if !sound {
			s.Doubt = doubtNumber
		}
	}
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

// readRight makes a right of what rightText found, and says whether its check digit is right.
func readRight(group func(int) string) (Right, bool) {
	switch {
	case group(2) != "": // with a check digit behind a point
		r := patent(group(2))
		check := strings.ToUpper(group(3))
		r.Number, r.State = group(2)+"."+check, "applied"
		if group(1) == "ZL" {
			r.Number, r.State = "ZL"+r.Number, "granted"
		}
		return r, checkDigit(group(2)) == check
	case group(4) != "":
		r := patent(group(5))
		r.Number, r.State = "ZL"+group(5), "granted"
		check := strings.ToUpper(group(6))
		if check != "" {
			r.Number += "." + check
		}
		return r, check == "" || checkDigit(group(5)) == check
	case group(7) != "":
		r := Right{Number: "CN" + group(8) + group(9), State: "granted", Kind: "invention"}
		switch group(9) {
		case "A":
			r.State = "applied"
		case "U", "Y":
			r.Kind = "utility"
		case "S":
			r.Kind = "design"
		}
		return r, true
	case group(10) != "":
		return Right{Kind: "software", Number: group(10), State: "granted"}, true
	default:
		return Right{Kind: "software", Number: softwareBefore + group(11) + softwareAfter, State: "granted"}, true
	}
}

// patent tells the kind of a patent by the fifth digit of its number.
func patent(number string) Right {
	switch number[4] {
	case '2', '9':
		return Right{Kind: "utility"}
	case '3':
		return Right{Kind: "design"}
	default:
		return Right{Kind: "invention"}
	}
}

// checkDigit is the last digit of a Chinese application number: the twelve digits weighted with 2 to
// 9 and 2 to 5, modulo 11; 10 is X (专利申请号标准 ZC 0006—2003).
func checkDigit(number string) string {
	sum := 0
	for i, c := range number {
		sum += int(c-'0') * (2 + i%8)
	}
	if sum%11 == 10 {
		return "X"
	}
	return strconv.Itoa(sum % 11)
}

// titleBefore is what the right is called: a title in marks shortly before its number, or that of the
// text.
func (x *reader) titleBefore(start int) string {
	from, _ := x.sentence(max(0, start-1))
	before := string(x.r[max(from, start-80):start])
	if all := quoted.FindAllStringSubmatch(before, -1); len(all) > 0 {
		return all[len(all)-1][1]
	}
	return x.d.Title
}
