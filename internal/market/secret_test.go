package market

import "testing"

// Other rooms refuse marks of secrecy in every public text, and contacts where their form has a field for them.
func TestPublic(t *testing.T) {
	for text, want := range map[string][2]int{ // faults without and with a field for contacts
		"机密★10年": {1, 1}, "内部资料，注意保存": {1, 1}, "密级：秘密": {1, 1}, "咨询 13800138000": {0, 1},
		"a@example.com": {0, 1}, "技术秘密许可，机密性好": {0, 0}, "": {0, 0},
	} {
		for i, contacts := range []string{"", "联系人"} {
			if got := Public("text", text, contacts); len(got) != want[i] || want[i] > 0 && got[0].Name != "text" {
				t.Errorf("%q with contacts %q: %v", text, contacts, got)
			}
		}
	}
}

// A text that says of itself that it is secret is refused, one about work for secret things is not.
func TestSecretOfItself(t *testing.T) {
	for text, want := range map[string]bool{
		"本项目为机密级军工项目，需要隐身涂层": true, "本项目涉密，机密级": true, "隐身涂层（机密级），急需": true,
		"秘密级 5年": true, "涉密项目，请勿外传": true, "该技术属于国家秘密。": true, "机密级信息，不公开": true,
		"本项目不涉密": false, "本项目涉密人员管理系统已上线": false, "适用于机密级、秘密级信息系统的打印审计": false,
		"具备涉密信息系统集成资质": false, "密级：公开": false, "支持机密级信息系统": false,
	} {
		if got := len(SecretMark("text", text)) > 0; got != want {
			t.Errorf("%q is refused: %v", text, got)
		}
	}
}

// A phone or mail in a place that others read is refused there, whichever place it is.
func TestReachableEverywhere(t *testing.T) {
	full := func(s string) PostData {
		d := PostData{Title: s, Text: s, Service: s, Chain: s, Keywords: []string{s},
			Parameters: []Parameter{{Name: s, Unit: s}}, NeedData: NeedData{Current: s}}
		d.Proofs, d.Rights = []Proof{{Text: s}}, []Right{{Title: s, Holder: s}}
		d.Values = Values{s, s, s, s, s}
		return d
	}
	const places = 16
	for _, text := range []string{"13800138000", "电话0351-5551234", "a@example.com", "绝密★5年"} {
		var f faults
		if classified(&f, full(text)); len(f) != places {
			t.Errorf("%q is refused at %d places, want %d: %v", text, len(f), places, f)
		}
	}
	var f faults
	if classified(&f, full("厘米")); len(f) != 0 {
		t.Errorf("a plain word is refused: %v", f)
	}
}

// What lets most texts pass at once lets none pass that carries a mark.
func TestMarksHaveAWordThatIsLookedForFirst(t *testing.T) {
	for _, m := range secretMarks {
		if !hasAny(m.pattern, secretSigns) {
			t.Errorf("%s is never tried", m.pattern)
		}
	}
	if len(SecretMark("text", "不予公开")) == 0 {
		t.Error("不予公开 is let pass")
	}
}
