// Package composite builds composite indicators (综合指数): many indicators of many units become one
// score, by steps that are each stated, recorded and can be changed to see what depends on them.
//
// A Build runs the steps of a Spec over a Table: denominate, screen, impute, treat outliers,
// normalise, aggregate along a tree of groups, rank. Each step leaves its own Table, and says in its
// Log what it did to which value. Around it stand weights (given, equal, by principal components,
// by pairwise judgement, entropy, CRITIC), correlations and consistency, uncertainty and sensitivity
// of the ranks, and the question which rank a unit would reach.
//
// Definitions follow the handbook of OECD and JRC (2008) and, where that leaves a choice, the R
// package COINr, with whose published example the results agree to 1e-9.
//
// A missing value is NaN, and stays missing unless a step says how it is filled. The package is pure:
// no clock, no files, no network; chance comes from a seed in the Spec.
package composite
