// Package adminhttp is not needed: the pages of accounts and roles stand in identityhttp (admin.go,
// adminstep.go).
package adminhttp
