# What people type. The steps behind test and bench are in internal/buildtools/gate.

GATE = build/gate

.PHONY: test bench run fmt generate build clean

# Everything a change must pass, on both databases and in a browser. CI runs the same.
test: gate
	@exec $(GATE) test

# Benchmarks with their baselines, on databases that really write to disk.
bench: gate
	@exec $(GATE) bench

# A city registry with invented data in the browser.
run:
	go run ./cmd/yuntu demo

# Rewrite Go and templ sources in their standard form.
fmt: gate
	@exec $(GATE) fmt

# Rewrite what is made from other files: page code from templ, documents from code.
generate: gate
	@exec $(GATE) generate

build:
	CGO_ENABLED=0 go build -trimpath -o build/yuntu ./cmd/yuntu

clean:
	rm -rf build

.PHONY: gate
gate:
	@go build -o $(GATE) ./internal/buildtools/gate
