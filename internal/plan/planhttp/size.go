package planhttp

import "fmt"

// sizeText writes a number of bytes as file managers do: 1 MB is 2^20 bytes.
func sizeText(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}
