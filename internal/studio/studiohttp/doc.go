// Package studiohttp is the door of the studio of indices: pages and operations.
package studiohttp
