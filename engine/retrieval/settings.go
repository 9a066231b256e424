package retrieval

// Settings say how texts are weighed. The defaults were measured: see docs/evaluation.md.
type Settings struct {
	// Fields are the weights of the fields of a document, in the order its texts are given.
	Fields []float64
	// Kinds are the weights of the kinds of terms.
	Kinds [kinds]float64
	// K1 says how fast more of the same word tells less, B how much length counts against a
	// document (BM25).
	K1, B float64
}

// DefaultSettings weigh a title and a text.
func DefaultSettings() Settings {
	return Settings{
		Fields: []float64{2, 1},
		Kinds:  [kinds]float64{Word: 1, Part: 0.5, Bigram: 0.75, Single: 0.25, Latin: 1, Measure: 0.5},
		K1:     1.2, B: 0.5,
	}
}

// tfUnit is how many steps of a stored term frequency make one: weights are kept in sixteenths.
const tfUnit = 16
