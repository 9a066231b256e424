package audit

import (
	"encoding/hex"
	"reflect"
	"testing"
)

// The example of GB/T 32905—2016, appendix A.1.
func TestSM3(t *testing.T) {
	h, err := SM3.new()
	if err != nil {
		t.Fatal(err)
	}
	h.Write([]byte("abc"))
	const want = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("SM3(abc) = %s", got)
	}
}

var sample = Record{
	Seq: 7, AtUs: 1795138200000000, Account: "a1", Login: "zhang.wei", Role: "officer", Via: "session",
	Request: "r1", UseCase: "party.org.create", Kind: "party.org", Object: "o1", What: "create",
	Reason: "首次登记", Detail: `{"name":"太原重工"}`, Algo: SHA256,
}

// The form that is hashed must never change: every export ever made depends on it.
func TestCanonicalForm(t *testing.T) {
	const want = "13:yuntu-audit-12:ab1:716:17951382000000002:a19:zhang.wei7:officer7:session2:r1" +
		"16:party.org.create9:party.org2:o16:create12:首次登记23:{\"name\":\"太原重工\"}6:sha256"
	if got := string(sample.canonical("ab")); got != want {
		t.Errorf("canonical form\n got %s\nwant %s", got, want)
	}
	for algo, want := range map[Algo]string{
		SHA256: "e7af7c5c5b69a7cb6f573fba673b1628de56759184af47b5e4053eaf24a9eaae",
		SM3:    "09d0045645e09503452f73b47cb297764f51f4a5ce4befbc566b84e9790c0af0",
	} {
		r := sample
		r.Algo = algo
		if got, err := r.Sum("ab"); err != nil || got != want {
			t.Errorf("%s: %s, %v", algo, got, err)
		}
	}
	r := sample
	r.Algo = "md5"
	if _, err := r.Sum(""); err == nil {
		t.Error("an unknown hash function was used")
	}
}

// FuzzCanonical: two records have the same canonical form only if they are the same in every field
// but the hash. Moving text from one field into the next is the classic way to fool such a form.
func FuzzCanonical(f *testing.F) {
	f.Add("a", "bc", "", "ab", "c", "", int64(1), int64(1))
	f.Add("1:a", "", "", "1", ":a", "", int64(12), int64(1))
	f.Add("", "", "0:", "", "0:", "", int64(-1), int64(1))
	f.Fuzz(func(t *testing.T, prevA, a1, a2, prevB, b1, b2 string, seqA, seqB int64) {
		a, b := sample, sample
		a.Seq, b.Seq = seqA, seqB
		text := func(r *Record) []*string {
			return []*string{&r.Account, &r.Login, &r.Role, &r.Via, &r.Request, &r.UseCase, &r.Kind, &r.Object,
				&r.What, &r.Reason, &r.Detail, (*string)(&r.Algo)}
		}
		for i := range text(&a) { // each pair of neighbouring fields
			x, y := a, b
			*text(&x)[i], *text(&y)[i] = a1, b1
			if i+1 < len(text(&a)) {
				*text(&x)[i+1], *text(&y)[i+1] = a2, b2
			}
			same := prevA == prevB && reflect.DeepEqual(x, y)
			if got := string(x.canonical(prevA)) == string(y.canonical(prevB)); got != same {
				t.Fatalf("%q %+v and %q %+v: same form %v", prevA, x, prevB, y, got)
			}
		}
	})
}
