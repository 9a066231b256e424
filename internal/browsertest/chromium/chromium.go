// Package chromium finds the browser that tests drive.
package chromium

import (
	"os"
	"os/exec"
)

// InstallHint says what to do on a machine without a browser.
const InstallHint = "no Chromium found: install it (Debian: apt-get install chromium " +
	"fonts-noto-cjk) or set YUNTU_CHROMIUM to its path"

// Path returns the program file of the browser, "" when there is none. YUNTU_CHROMIUM names one;
// otherwise the usual names are looked for.
func Path() string {
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}
	if own := os.Getenv("YUNTU_CHROMIUM"); own != "" {
		names = []string{own}
	}
	for _, name := range names {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}
