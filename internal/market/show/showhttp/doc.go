// Package showhttp is the door of roadshows and matchmaking days (路演, 对接会): pages and API.
//
// Every page works without scripts. While an event runs, its agenda asks for itself every few seconds
// so that the counts of interest are live; without scripts the page reloads.
package showhttp
