// Package studio is the room in which composite indices are made (指数工作室).
//
// A dataset (数据集) holds units, a tree of indicators and their values; each correction is a new edition,
// and the older ones stay. A scheme (方案) is one way to make an index of a dataset: how missing values are
// filled, outliers treated, values made comparable, weighed and put together. Every saved edition of a
// scheme keeps its choices, the spec of the engine and the result, so that it can be made again and
// compared number by number (Verify).
//
// A panel (专家组) asks experts to compare in pairs what the groups of a scheme are made of, in a form or by a
// table. Each sees the own judgements only; the bureau sees how consistent each expert and all together are,
// and which judgements do not fit. What a panel comes to is kept in editions that nothing changes, and a
// scheme names the edition that its weights come from. Pooling is by geometric means, of judgements or of
// weights (Forman and Peniwati, 1998).
//
// Numbers are computed by engine/composite and nowhere else. Values are kept as the decimal text that was
// typed; the engine computes with floating point. Each number of a result can be opened: what stood in the
// data, what each step made of it, what it adds to the score.
//
// The year of the data is not the year of the report; both are kept. A set of indicators that is not the
// publisher's own is labelled 参照体系（非官方）: its ranks are no official ranks. Ranks that others publish
// are stored by the room of indicators and never computed here.
package studio
