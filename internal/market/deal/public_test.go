package deal

import "testing"

// What everybody reads of a broker carries no mark of secrecy, and contacts stand in their own field only.
func TestPublicProfile(t *testing.T) {
	for name, tc := range map[string]struct {
		data  BrokerData
		field string
	}{
		"plain":       {BrokerData{Summary: "十年技术转移经验", Phone: "0351-5551234"}, ""},
		"mark":        {BrokerData{Summary: "承担过项目\n机密★10年"}, "summary"},
		"phone":       {BrokerData{Summary: "请拨 13800138000"}, "summary"},
		"mail":        {BrokerData{Issuer: "a@example.com"}, "issuer"},
		"certificate": {BrokerData{Certificate: "13800138000"}, ""},
	} {
		var f faults
		tc.data.Name, tc.data.Grade, tc.data.Region, tc.data.ValidTo = "李经理", "junior", "140100", "2030-01-01"
		tc.data.check(&f, Grades())
		if tc.field == "" && len(f) > 0 || tc.field != "" && (len(f) != 1 || f[0].Name != tc.field) {
			t.Errorf("%s: %v", name, f)
		}
	}
	c := CaseData{Title: "镁合金专利许可", Text: "微信同号 13800138000"}
	var f faults
	c.check(&f, "2026-11-29")
	found := false
	for _, x := range f {
		found = found || x.Name == "text"
	}
	if !found {
		t.Errorf("a phone in a case is taken: %v", f)
	}
}
