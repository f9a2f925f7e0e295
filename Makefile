# Waybill's entry points; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
SOURCES := Sources Tests Package.swift Fuzz/Package.swift Fuzz/Sources Benchmarks/Package.swift Benchmarks/Benchmarks
SCRIPTS := $(wildcard labs/*.sh labs/scenarios/*.sh scripts/*.sh Fuzz/*.sh) .ci/run
# Flags of the daemon for `make run`, as in: make run ARGS="--interface eth0 --log-level debug"
ARGS ?=

.PHONY: help demo test run build debug lint format captures bench benchmarks fuzz deps clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## see it work: a three-namespace network, real requests, their waterfalls (root)
	@labs/demo.sh

test: ## everything CI checks: format, scripts, builds, tests, the lab (root for the lab)
	@scripts/test.sh

run: build ## the daemon in the foreground on this host, Ctrl-C ends it (root); flags in ARGS="…"
	@if [ "$$(id -u)" = 0 ]; then exec .build/release/waybilld $(ARGS); else exec sudo .build/release/waybilld $(ARGS); fi

build: deps ## release build of waybilld and waybill
	swift build -c release

debug: deps ## debug build of everything, tests included
	swift build --build-tests --explicit-target-dependency-import-check error

lint: ## swift format and shellcheck, nothing changed
	@scripts/dependencies.sh build check
	swift format lint --strict --parallel --recursive $(SOURCES)
	shellcheck $(SCRIPTS)

format: ## rewrite the sources as `make lint` wants them
	swift format --in-place --parallel --recursive $(SOURCES)

captures: ## record Tests/Captures anew in the lab (root)
	@labs/record.sh

bench: build ## CPU and memory for each packet against the C reference, where ../shared/bench is at hand
	@if [ -x ../shared/bench/offline.sh ]; then \
	    ../shared/bench/offline.sh -w "web small dns bulk flood" \
	        -x 'waybill|*|0|$(CURDIR)/.build/release/waybill read {F} --format summary' -f waybill; \
	else \
	    echo "bench: ../shared/bench/offline.sh is not there: the workloads and the C reference are kept beside the project"; \
	fi

benchmarks: deps ## time, instructions and allocations of single layers and kinds of packets
	cd Benchmarks && swift package --disable-sandbox benchmark

fuzz: deps ## every fuzz target for SECONDS each (20), two at a time; finds go to Fuzz/Finds
	@scripts/fuzz.sh $(or $(SECONDS),20)

deps: ## install what is missing, with apt (root)
	@scripts/dependencies.sh

clean: ## remove build products
	swift package clean
