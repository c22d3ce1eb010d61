# The front door. `make` lists what there is; every target sets up what it needs, once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The steps share two target folders, and cargo and the browsers fill the machine as it is.
.NOTPARALLEL:

setup := scripts/setup.sh
wasm_tools := . scripts/env.sh && use_wasm_toolchain
wasm_features := --no-default-features --features wasm

guard := target/guard/guard.wasm
server := target/server/server.wasm
full := target/full/full.wasm
issuer := target/issuer/issuer.wasm
package := pkg/package.json

files_in = $(shell find $(1) -type f)

.PHONY: help build demo test conformance bench bench-native bench-record clean \
  fmt lint test-rust test-docs test-wasm-node test-wasm-chrome test-web test-demo \
  conformance-rust conformance-web conformance-table

help: ## lists the targets
	@echo 'make <target>:'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: $(package) ## makes the npm package in pkg/
	@echo 'make: $(package:/package.json=/) is up to date'

demo: $(package) ## shows the gate at work in workerd; CI=true ends after the table
	@echo 'make: the demo'
	@node www/demo/setup.mjs
	@node www/demo/run.mjs

# The longest stand last, so that a slip is told early. test-web has what conformance-web runs.
test: fmt lint test-rust test-docs test-wasm-node test-wasm-chrome test-demo conformance-rust test-web conformance-table ## runs everything below

conformance: ## prints one table: every suite, its cases, how many passed, and what is otherwise on purpose
	@status=0; \
	for step in rust web table; do $(MAKE) --no-print-directory conformance-$$step || status=1; done; \
	exit $$status

bench: $(package) tests/web/node_modules/.package-lock.json bench/node_modules/.package-lock.json ## measures the packed npm package in Node, workerd and Chromium, beside other packages
	@$(setup) chromium
	@echo 'make: benchmarks'
	@cd tests/web && node install.mjs
	@. scripts/env.sh && cd bench && node install.mjs && node --expose-gc run.mjs node && node run.mjs workerd && node run.mjs chromium
	@cd bench && node --expose-gc growth/run.mjs

bench-record: ## takes the last run of make bench into README.md and bench/results/
	@node bench/record.mjs

bench: bench-native
bench-native: ## measures the crate beside other crates, which are compiled first; takes minutes
	@echo 'make: benchmarks of the crate'
	@node bench/native/run.mjs

clean: ## removes all that was made in this folder; the shared tools stay
	rm -rf target pkg $(wildcard www/node_modules www/dist www/demo/node_modules www/demo/dist tests/web/node_modules bench/node_modules)

fmt: ## is the Rust code formatted?
	@echo 'make: cargo fmt'
	@cargo fmt --check
	@cargo fmt --check --manifest-path bench/native/Cargo.toml

lint: ## clippy, for the host with each set of features, and for the wasm files
	@echo 'make: clippy'
	@cargo clippy --quiet --lib --test reload --no-default-features --features native -- --deny warnings
	@cargo clippy --quiet --all-targets -- --deny warnings
	@cargo clippy --quiet --all-targets --features tower,issuer,redis,conformance -- --deny warnings
	@$(setup) wasm
	@$(wasm_tools) && for more in '' ,full; do cargo clippy --quiet --lib --test wasm --target $$wasm_target $(wasm_features)$$more --target-dir target/wasm -- --deny warnings; done
	@$(wasm_tools) && cargo clippy --quiet --lib --target $$wasm_target --no-default-features --features wasm-issuer --target-dir target/wasm -- --deny warnings
	@$(wasm_tools) && cargo clippy --quiet --example conformance --target $$wasm_target $(wasm_features),conformance --target-dir target/wasm -- --deny warnings

test-rust: ## the Rust tests on this machine
	@$(setup) redis
	@echo 'make: the Rust tests'
	@if cargo nextest --version >/dev/null 2>&1; then \
	  cargo nextest run && cargo nextest run --features tower,issuer,redis; \
	else \
	  cargo test --tests && cargo test --tests --features tower,issuer,redis; \
	fi
	@cargo test --quiet --no-default-features --features native --test reload

test-docs: ## the examples in the documentation, and its links
	@echo 'make: the documentation'
	@cargo test --quiet --doc --features tower,issuer,redis
	@RUSTDOCFLAGS='--deny warnings' cargo doc --quiet --no-deps --features tower,issuer,redis

test-wasm-node: ## the wasm boundary inside Node
	@$(setup) wasm wasm-pack
	@echo 'make: the wasm tests in Node'
	@scripts/test-wasm.sh node

test-wasm-chrome: ## the wasm boundary inside headless Chromium
	@$(setup) wasm wasm-pack chromium
	@echo 'make: the wasm tests in Chromium'
	@scripts/test-wasm.sh chrome

test-demo: $(package) ## the demo's requests and their expected answers, its page, and the stories of who signs in
	@echo 'make: the table of the demo'
	@node www/demo/setup.mjs
	@CI=true node www/demo/run.mjs
	@$(setup) chromium firefox
	@echo 'make: the page of the demo, and the stories in Chromium and Firefox'
	@. scripts/env.sh && cd www/demo && npm run --silent check && npm test --silent

test-web: $(package) tests/web/node_modules/.package-lock.json ## the packed npm package in Node, workerd, Chromium and Firefox
	@$(setup) chromium firefox redis
	@echo 'make: the package in Node, workerd, Chromium and Firefox'
	@. scripts/env.sh && cd tests/web && npm test

conformance-rust: ## the conformance suites on this machine, and what the next step needs of them
	@$(setup) wasm
	@echo 'make: the conformance suites'
	@rm -rf target/conformance
	@tests/conformance/build.sh
	@if cargo nextest --version >/dev/null 2>&1; then \
	  cargo nextest run --no-fail-fast --features conformance --test conformance; \
	else \
	  cargo test --features conformance --test conformance; \
	fi
	@echo 'make: the jsonwebtoken crate beside the guard'
	@cargo test --quiet --manifest-path tests/peers-rust/Cargo.toml --target-dir target/peers

conformance-web: $(package) tests/web/node_modules/.package-lock.json ## the conformance suites and the vectors in Node, workerd, Chromium and Firefox
	@$(setup) chromium firefox
	@echo 'make: the conformance suites in Node, workerd, Chromium and Firefox'
	@. scripts/env.sh && cd tests/web && npm run --silent conformance

conformance-table: ## the table of the last run
	@node tests/conformance/table.mjs

$(guard) $(server) $(full) $(issuer): target/%.wasm: $(call files_in,src) Cargo.toml Cargo.lock scripts/build-wasm.sh scripts/squeeze.mjs scripts/env.sh
	@$(setup) wasm
	@scripts/build-wasm.sh $(notdir $*)

$(package): $(guard) $(server) $(full) $(issuer) $(call files_in,www/src www/schema) $(wildcard www/build.mjs www/package.json www/tsconfig*.json pkg.json.template README.md LICENSE*) www/node_modules/.package-lock.json
	@echo 'make: the npm package'
	@node www/build.mjs
	@touch $@

%/node_modules/.package-lock.json: %/package-lock.json
	@$(setup) node-modules/$*
	@touch $@
