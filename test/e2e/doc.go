// Package e2e walks through the whole house in a browser, as its users do.
package e2e
