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
