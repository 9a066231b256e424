// Package atlashttp is the door of the ecosystem map (创新云图): map, landscape, list, network, poster,
// big screen, frames for other sites, corrections, and the operations of all of them.
//
// The state of every page is its address: the query, as parameters. Every number links to the list it
// counts.
package atlashttp
