// Package matching finds in the technology market what fits (供需匹配): by words that somebody
// types, and for a need the achievements that may meet it and the other way round, each with reasons
// in words and the points that speak against it.
//
// It reads posts through the index of package engine/retrieval. The index is a projection that every
// process keeps in memory: it follows the feed of events by itself (outbox.Tail), starts from a
// snapshot on disk, and can be dropped and rebuilt at any time. What people decide about matches is
// in tables: see the files store.go, reject.go, saved.go and weights.go.
//
// What a reader may not see changes nothing that the reader gets, neither score nor order, count or
// reason. Therefore there is not one index that is filtered. The common index holds what everybody
// may read and nothing else: open posts whole, and of a post "by request" its title, field and
// place. What more somebody may read (the own posts, those the own organisation is named in, what
// was handed in to the bureau) stands in a closet beside it, an index of exactly the posts that this
// reader may read whole; readers with the same rights share one. Statistics of words are those of
// the index a post stands in, so no word of a hidden post is ever counted for anybody else. A test
// flips hidden posts and compares everything.
package matching
