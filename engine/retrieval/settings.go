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

// SearchSettings weigh documents that are searched: title, text and keywords.
func SearchSettings() Settings {
	return Settings{
		Fields: []float64{1, 1, 1},
		Kinds: [kinds]float64{Word: 1, Part: 0.5, Bigram: 0.75, Single: 0.25, Latin: 1, Measure: 0.5,
			Char: 0.25},
		K1: 1.2, B: 0.75,
	}
}

// SearchWeights fuse the signals of a search.
var SearchWeights = Weights{Version: "search-1", Share: 1, Cover: 0, Near: 0.1}

// SearchFields are the weights of the title, the text and the keywords of a query.
var SearchFields = []float64{1, 1, 0.5}

// MatchSettings weigh offers that are matched to needs. Offers are short, and a single character
// they share with a need often tells what they are about (酶, 灌, 漏).
func MatchSettings() Settings {
	return Settings{
		Fields: []float64{2, 1, 1},
		Kinds: [kinds]float64{Word: 1, Part: 0.5, Bigram: 0.75, Single: 4, Latin: 1, Measure: 0.5,
			Char: 4},
		K1: 2, B: 0.2,
	}
}

// MatchWeights fuse the signals of a match.
var MatchWeights = Weights{Version: "match-2", Share: 1, Cover: 0.1, Near: 0.1}

// MatchFields are the weights of the title, what the text wants, the keywords and the background of
// a need: see Post.Asked.
var MatchFields = []float64{1, 0.6, 0.3, 0.15}

// tfUnit is how many steps of a stored term frequency make one: weights are kept in sixteenths.
const tfUnit = 16
