// Command yuntu is the whole system: the site, the API and the tools of the shell.
package main

import (
	"os"

	"github.com/yuntu-city/yuntu/internal/cli"
)

func main() {
	os.Exit(cli.Main())
}
