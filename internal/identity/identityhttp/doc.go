// Package identityhttp holds the pages and operations by which people log in and look after their
// own account: log-in with its second factor and identity provider, registration, role switch,
// profile, password, sessions, tokens and views.
//
// Claims of organisations are in package claimhttp, and the pages of the system and security
// administrators (accounts, roles) in package adminhttp, beside this one.
package identityhttp
