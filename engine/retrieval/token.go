package retrieval

// Kind says what a term is.
type Kind uint8

// Kinds of terms.
const (
	Word    Kind = iota // a Chinese word of the dictionary, 词
	Part                // a word within a longer one: 电池 in 锂电池
	Bigram              // two characters side by side of which the dictionary knows no word
	Single              // a character that stands alone, 单字
	Latin               // the stem of a word in letters, or a number
	Measure             // a number with its unit in the unit's base: 8英寸
	Char                // a character of a longer word
	kinds
)

// Token is a term of a text.
type Token struct {
	Term    string // what is indexed
	Surface string // as it stands in the folded text
	Kind    Kind
}
