//go:build !linux

package cli

import "time"

// What a process uses is known for Linux only.

func processTime() time.Duration { return 0 }

func threadTime() time.Duration { return 0 }

func residentBytes() int64 { return 0 }

func peakBytes() int64 { return 0 }
