package authz

import "strings"

// The hiding of fields (脱敏) that only some may see in full. A policy declares an action such as
// "party.person.unmask"; who lacks it gets the masked value everywhere: page, list, export.

// MaySee says whether the actor may see the field that the action guards.
func (p *Policy[T]) MaySee(by Actor, act Action, on T) bool { return p.allows(by, act, on) }

// Mask returns the value for an actor who may see the field, otherwise what hide leaves of it.
func (p *Policy[T]) Mask(
	by Actor, act Action, on T, value string, hide func(string) string,
) string {
	if p.MaySee(by, act, on) {
		return value
	}
	return hide(value)
}

// HideIdentity leaves the region and the last two characters of an identity number (居民身份证);
// birthday and order number go: "110105**********2X".
func HideIdentity(s string) string { return hideMiddle(s, 6, 2) }

// HidePhone leaves three and four digits of a phone number: "138****5678".
func HidePhone(s string) string { return hideMiddle(s, 3, 4) }

// HideMail leaves the first character and the domain of a mail address: "z****@example.com".
func HideMail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return HideAll(s)
	}
	return hideMiddle(s[:at], 1, 0) + s[at:]
}

// HideAll leaves nothing of a value but the fact that there is one.
func HideAll(s string) string { return hideMiddle(s, len(s), 0) }

// minHidden is the number of characters a mask covers at least.
const minHidden = 4

// hideMiddle covers all but the first head and last tail characters. A value too short to keep
// them and still hide minHidden characters is covered whole, and its length with it. An empty
// value stays empty.
func hideMiddle(s string, head, tail int) string {
	chars := []rune(s)
	hidden := len(chars) - head - tail
	switch {
	case s == "":
		return ""
	case hidden < minHidden:
		return strings.Repeat("*", minHidden)
	default:
		return string(chars[:head]) + strings.Repeat("*", hidden) + string(chars[head+hidden:])
	}
}
