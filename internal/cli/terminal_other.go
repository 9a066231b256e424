//go:build !linux

package cli

import (
	"errors"
	"os"
)

// hideInput is known for Linux only; elsewhere passwords come from a file.
func hideInput(*os.File) (func(), error) {
	return nil, errors.New("typed passwords can be hidden on Linux only")
}
