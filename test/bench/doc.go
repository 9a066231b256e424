// Package bench holds benchmarks of whole paths, each with the baseline it is compared with in the
// same run, and no code of the product:
//
//	go test -run '^$' -bench . ./test/bench
package bench
