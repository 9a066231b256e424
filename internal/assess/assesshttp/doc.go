// Package assesshttp is the door of the yearly assessment (考核): pages and API.
package assesshttp
