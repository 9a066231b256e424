// Package partyhttp is the door of the registry (主体库): its pages and its API operations.
//
// Both doors decode into the same inputs of package party and make one call of its service, so
// they say the same about the same mistake. A page works without scripts; htmx replaces the
// results of a list, fills pick lists and saves drafts.
package partyhttp
