package wordpiece_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/wordpiece"
)

// known is a small vocabulary of the kind that models have.
var known = strings.Fields(`[PAD] [UNK] [CLS] [SEP] [MASK]
	un ##aff ##able ##a want ##want ##ed wa run ##ning hello world cafe café naive Hello H ##ello
	水 泵 气 堵 电 机 ##机 金 𠮷 a b c ##b ##c i ##stanbul straße strasse 8 ##寸 ##英 10 ##0 5 . , ， 。 ! ? - ( ) [ ] $ % ・
	sep pad cls unk 😀 α ##σ ς σ ᄒ ##ᅡ ##ᆫ tok ##en`)

func read(t testing.TB, text string) *wordpiece.Vocabulary {
	t.Helper()
	v, err := wordpiece.ReadVocabulary(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// pieces names what Encode returns.
func pieces(k *wordpiece.Tokenizer, text string, most int) string {
	var out []string
	for _, id := range k.Encode(text, most) {
		out = append(out, known[id])
	}
	return strings.Join(out, " ")
}

// Texts are cut as the models were trained.
func TestPieces(t *testing.T) {
	v := read(t, strings.Join(known, "\n"))
	for _, c := range []struct{ what, text, want string }{
		{"nothing", "", ""},
		{"blanks only", " \t\r\n\u3000\u00a0\u2028", ""},
		{"English, the longest piece first", "unaffable wanted running", "un ##aff ##able want ##ed run ##ning"},
		{"capital letters", "HELLO World!", "hello world !"},
		{"Chinese characters stand alone", "水泵气堵", "水 泵 气 堵"},
		{"of the second plane too", "𠮷水", "𠮷 水"},
		{"Chinese beside English and digits", "a水b 8英寸", "a 水 b 8 [UNK] [UNK]"},
		{"digits in a word", "100", "10 ##0"},
		{"punctuation of both", "水，泵。(5.5%)", "水 ， 泵 。 ( 5 . 5 % )"},
		{"signs of ASCII that are no punctuation of Unicode", "a$b", "a $ b"},
		{"accents, joined and apart", "café cafe\u0301 naïve", "cafe cafe naive"},
		{"a letter that is no accented one", "straße", "straße"},
		{"a capital with a dot", "İstanbul", "i ##stanbul"},
		{"sigma at the end of a word", "ΑΣ", "α ##σ"},
		{"Hangul in its letters", "한", "ᄒ ##ᅡ ##ᆫ"},
		{"an ideograph for compatibility is the plain one", "\uf90a水", "金 水"},
		{"emoji, alone and with a joiner", "😀 😀\u200d", "😀 😀"},
		{"emoji in a word", "a😀", "[UNK]"},
		{"a word with an unknown end is unknown", "unaffxyz world", "[UNK] world"},
		{"unknown is a word, not the text", "龘 水", "[UNK] 水"},
		{"control characters leave no trace", "hel\x00lo w\x07orld\u200b\ufeff \ue000a", "hello world a"},
		{"next line is a control character", "a\u0085b", "a ##b"},
		{"tabs and line ends are blanks", "a\tb\r\nc", "a b c"},
		{"bytes that are no text", "he\xffllo", "hello"},
		{"the replacement character", "he\ufffdllo", "hello"},
		{"names of special pieces are text", "[SEP] [PAD] [CLS]x", "[ sep ] [ pad ] [ cls ] [UNK]"},
		{"## is text", "##a", "[UNK] [UNK] a"},
		{"the longest word", "a" + strings.Repeat("b", 99), "a" + strings.Repeat(" ##b", 99)},
		{"a word too long", "a" + strings.Repeat("b", 100) + " a", "[UNK] a"},
		{"far too long", strings.Repeat("b", 1_000_000), "[UNK]"},
	} {
		want := strings.TrimSpace("[CLS] "+c.want) + " [SEP]"
		if got := pieces(wordpiece.New(v, wordpiece.Uncased()), c.text, 512); got != want {
			t.Errorf("%s: %.60q is %s, want %s", c.what, c.text, got, want)
		}
	}
}

// Models that know case and accents keep them, and some do not take Chinese apart.
func TestOptions(t *testing.T) {
	v := read(t, strings.Join(known, "\n"))
	for _, c := range []struct {
		o          wordpiece.Options
		text, want string
	}{
		{wordpiece.Options{SplitChinese: true}, "Hello café 电机", "Hello café 电 机"},
		{wordpiece.Options{}, "电机 hello", "电 ##机 hello"},
		{wordpiece.Options{LowerCase: true}, "CAFÉ", "café"},
		{wordpiece.Options{StripAccents: true}, "Héllo", "Hello"},
	} {
		got := pieces(wordpiece.New(v, c.o), c.text, 512)
		if want := "[CLS] " + c.want + " [SEP]"; got != want {
			t.Errorf("%+v: %q is %s, want %s", c.o, c.text, got, want)
		}
	}
}

// What does not fit is left out, the end never is.
func TestMost(t *testing.T) {
	k := wordpiece.New(read(t, strings.Join(known, "\n")), wordpiece.Uncased())
	for most, want := range map[int]string{
		-1: "[CLS] [SEP]",
		2:  "[CLS] [SEP]",
		3:  "[CLS] un [SEP]",
		4:  "[CLS] un ##aff [SEP]",
		5:  "[CLS] un ##aff ##able [SEP]",
		6:  "[CLS] un ##aff ##able 水 [SEP]",
		99: "[CLS] un ##aff ##able 水 [SEP]",
	} {
		if got := pieces(k, "unaffable 水", most); got != want {
			t.Errorf("at most %d: %s, want %s", most, got, want)
		}
	}
}

// Vocabularies come with line ends of any kind; what is none is refused in words.
func TestReadVocabulary(t *testing.T) {
	const special = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n"
	for what, text := range map[string]string{
		"plain": special + "水", "with a last line end": special + "水\n",
		"of Windows": strings.ReplaceAll(special+"水\n", "\n", "\r\n"), "with a byte order mark": "\ufeff" + special + "水",
	} {
		if got := wordpiece.New(read(t, text), wordpiece.Uncased()).Encode("水", 9); !slices.Equal(got, []int64{2, 4, 3}) {
			t.Errorf("%s: %v", what, got)
		}
	}
	twice := wordpiece.New(read(t, special+"水\n水\n"), wordpiece.Uncased())
	if got := twice.Encode("水", 9); !slices.Equal(got, []int64{2, 5, 3}) || twice.Pad() != 0 {
		t.Errorf("a piece that stands there twice: %v", got)
	}
	for text, want := range map[string]string{
		"":                                  "has no [UNK]",
		"[UNK]\n[CLS]\n[SEP]\n":             "has no [PAD]",
		special + strings.Repeat("x", 5000): "line 5 is longer than 4096 bytes",
		strings.Repeat("x\n", 2_000_001):    "more than 2000000 pieces",
	} {
		if _, err := wordpiece.ReadVocabulary(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
}

// Whatever the text: start and end stand once and at their places, no more pieces than asked for, none
// that is not in the vocabulary, and a limit only cuts.
func FuzzEncode(f *testing.F) {
	for _, text := range []string{"", "unaffable 水泵", "[SEP]", "İ한\u0301\u0301e\u0301", "a\xff\x00b", "😀\u200d😀", "##a"} {
		f.Add(text, 7, true, true, true)
		f.Add(text, 3, false, false, false)
	}
	v := read(f, strings.Join(known, "\n"))
	f.Fuzz(func(t *testing.T, text string, most int, lower, strip, split bool) {
		k := wordpiece.New(v, wordpiece.Options{LowerCase: lower, StripAccents: strip, SplitChinese: split})
		const start, end = 2, 3
		all := k.Encode(text, 1<<30)
		got := k.Encode(text, most)
		if len(got) > max(most, wordpiece.Least) || len(all) > utf8.RuneCountInString(text)*3+2 {
			t.Fatalf("%d pieces, at most %d; %d in all", len(got), most, len(all))
		}
		if got[0] != start || got[len(got)-1] != end || !slices.Equal(got[:len(got)-1], all[:len(got)-1]) {
			t.Fatalf("%v is not the beginning of %v", got, all)
		}
		for _, id := range all[1 : len(all)-1] {
			if id != 1 && id <= 4 || int(id) >= len(known) {
				t.Fatalf("piece %d inside %v", id, all)
			}
		}
	})
}
