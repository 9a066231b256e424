// Package atlas is the room of the ecosystem map (创新生态云图): organisations, needs, achievements,
// introductions and people by place, field and class of the six new (六新), and who works with whom.
//
// Its nodes and edges are a projection of the feed. They carry no permission of their own: every list,
// count, network and export joins the record in its own room under that room's policy, so nobody sees
// on the map what they could not see in the list (TestNobodySeesMore). What a post of the level 依申请公开
// does not show, its class, its owner and its age, cannot be asked for here either.
//
// Organisations have points. A map of few draws them as dots that were put together (Overview.Dots); of
// more than CanvasAbove it lets a script draw each from a list of points (Points). Every dot, mark and
// count of them has a Box, and the list of the query in it has as many rows.
//
// A query (Query) is one text, 类型:企业 地区:小店区 六新:新材料 自:2026-01-01, or the same as parameters of
// an address. Map, landscape, network, list, poster and API all take it.
//
// The projection has a form, which names how records are drawn and by what shipped rule: a program that draws them
// otherwise asks for a job that makes the map anew, as a change of the rule does, and shows it as it was until then
// (renew.go).
//
// What nobody said is shown as a gap: records without a place, a field or a class are counted, not left
// out. Classes come from whoever owns the record, from dated rules by words (rule_data.go, [design]),
// or from a person who corrected them; each says which.
//
// Events published: atlas.marked.v1, atlas.rule.added.v1, atlas.correction.moved.v1. Consumed: those of
// party, market and deal.
package atlas
