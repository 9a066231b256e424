package indicatorhttp

import (
	"slices"
	"strings"
)

// isSemicolon reports whether a character separates conditions.
func isSemicolon(c rune) bool { return strings.ContainsRune(";；", c) }

func sortTexts(list []string) { slices.Sort(list) }
