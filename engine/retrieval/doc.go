// Package retrieval finds the texts that speak of the same thing as another text, in Chinese,
// English or both, and says why.
//
// An Analyzer makes terms of a text. A Builder collects the terms of documents into an Index of
// immutable segments, which finds the best documents for a Query: candidates by impacts of one
// byte with bounds (MaxScore), then the exact score of each. A Space learns vectors from the words
// that documents share, and finds by them what no common word does. Explain says in words what
// made a match and what speaks against it.
//
// # In memory, while posts change
//
// A Live holds posts that come and go while others ask; each question goes to one View, which
// never changes:
//
//	live := retrieval.NewLive(analyzer, retrieval.MatchOptions{
//		Settings: retrieval.MatchSettings(), Weights: retrieval.MatchWeights, Top: 10, Reasons: true,
//		Query: retrieval.QueryOptions{Fields: retrieval.MatchFields},
//	})
//	err := live.Put(ctx, posts...)           // adds or replaces, by id; findable when it returns
//	live.Delete("id")
//	learned, err := live.Learn(ctx, needs)   // vectors, now and again
//
//	view := live.View()
//	may := view.Index().Select(func(id string) bool { … }) // permission scope; keep it for the view
//	matches := view.MatchIn(&need, may)      // with reasons
//	q := view.Query(&retrieval.Post{Title: "words"})
//	hits := view.Index().Search(q, retrieval.Options{Top: 20, Within: may, Weights: retrieval.SearchWeights})
//	reasons := view.Explain(q, &need, &hits[0])
//	one := view.Score(&need, []string{"id"}) // exactly these offers
//
// A Set belongs to the index it was made of, and holds nothing in another: who asks in the view of
// another moment by mistake sees nothing rather than too much. One Live has one way to weigh, so
// one for matching and one for searching stand side by side.
//
// The package is pure: no clock, no files, no network, no mutable global state. Snapshots are
// written to and read from what the caller opens.
package retrieval
