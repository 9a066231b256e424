package config

import (
	"runtime/debug"
	"strings"
)

// Version says which program this is: the version of the module, or the commit it was built from
// and when. A commit with "+" had changes that were not committed.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	version := info.Main.Version
	if version == "" || strings.HasPrefix(version, "(") {
		version = "devel"
	}
	commit := set["vcs.revision"]
	if commit == "" || strings.Contains(version, commit[:min(12, len(commit))]) {
		return version
	}
	if set["vcs.modified"] == "true" {
		return version + " " + commit[:min(12, len(commit))] + "+ " + set["vcs.time"]
	}
	return version + " " + commit[:min(12, len(commit))] + " " + set["vcs.time"]
}
