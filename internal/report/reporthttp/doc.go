// Package reporthttp is the door of reports: pages and operations.
package reporthttp
