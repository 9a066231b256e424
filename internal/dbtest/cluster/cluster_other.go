//go:build !unix

// Package cluster starts a throw-away PostgreSQL server for tests. It needs a Unix: elsewhere set
// YUNTU_TEST_POSTGRES to the address of a server of your own.
package cluster

import (
	"context"
	"errors"
)

// ErrNotInstalled says that this machine cannot start a server by itself.
var ErrNotInstalled = errors.New("cannot start PostgreSQL on this system: " +
	"set YUNTU_TEST_POSTGRES to a postgres:// address")

// Options say what kind of server to start.
type Options struct{ Durable bool }

// Cluster is a running server.
type Cluster struct{}

// Start returns ErrNotInstalled.
func Start(context.Context, Options) (*Cluster, error) { return nil, ErrNotInstalled }

// Installed returns false.
func Installed() bool { return false }

// URL returns "".
func (c *Cluster) URL(string) string { return "" }

// Stop does nothing.
func (c *Cluster) Stop() error { return nil }
