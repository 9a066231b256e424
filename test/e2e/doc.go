// Package e2e walks through the whole house in a browser, as its users do.
//
//	go test ./test/e2e                                                        # each page once, in a look in turn
//	go test ./test/e2e -run EveryPage -shots FOLDER -timeout 1h               # each in all looks, with pictures
//	RECORD_RESULTS=1 go test ./test/e2e -run EveryPage -every -timeout 4h     # as every role that may, in all looks
//	go test ./test/score -update                                              # puts what was found on the scoreboard
package e2e
