package market

import "testing"

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
