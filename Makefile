# Waybill's entry points; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
SOURCES := Sources Tests Package.swift Fuzz/Package.swift Fuzz/Sources Benchmarks/Package.swift Benchmarks/Benchmarks
SCRIPTS := $(wildcard labs/*.sh labs/scenarios/*.sh scripts/*.sh Fuzz/*.sh) .ci/run
# Flags of the daemon for `make run`, as in: make run ARGS="--interface eth0 --log-level debug"
ARGS ?=

# Where `make install` puts things; DESTDIR is put before all of it, as packagers want it. systemd looks for units,
# users and folders below /usr and /usr/local alike.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(PREFIX)/share/doc/waybill
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
TMPFILESDIR ?= $(PREFIX)/lib/tmpfiles.d
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
# The programs, and what takes debug symbols out of them; empty leaves them in.
PROGRAMS ?= .build/release
STRIP ?= strip
# For tests: the version of the package, when it is not the programs' own.
VERSION ?=
export PREFIX BINDIR SBINDIR MANDIR DOCDIR SYSCONFDIR UNITDIR SYSUSERSDIR TMPFILESDIR BASHDIR ZSHDIR FISHDIR
export DESTDIR PROGRAMS STRIP VERSION

.PHONY: help demo test run build debug package install uninstall lint format contract captures bench benchmarks fuzz deps clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## see it work: a three-namespace network, real requests, their waterfalls (root)
	@labs/demo.sh

test: ## everything CI checks: format, scripts, builds, tests, the lab (root for the lab)
	@scripts/test.sh

run: build ## the daemon in the foreground on this host, Ctrl-C ends it (root); flags in ARGS="…"
	@if [ "$$(id -u)" = 0 ]; then exec .build/release/waybilld $(ARGS); else exec sudo .build/release/waybilld $(ARGS); fi

build: deps ## release build of waybilld and waybill
	@scripts/release.sh

package: ## a Debian package of it, and one with the debug symbols, in .build/package
	@scripts/package.sh

install: ## what `make build` made, with manuals, completions and units, below PREFIX (/usr/local) in DESTDIR
	@scripts/install.sh install

uninstall: ## take it away again; configuration that was changed, history and user stay
	@scripts/install.sh uninstall

debug: deps ## debug build of everything, tests included
	swift build --build-tests --explicit-target-dependency-import-check error

lint: ## swift format and shellcheck, nothing changed
	@scripts/dependencies.sh build check
	swift format lint --strict --parallel --recursive $(SOURCES)
	shellcheck $(SCRIPTS)

format: ## rewrite the sources as `make lint` wants them
	swift format --in-place --parallel --recursive $(SOURCES)

contract: ## the JSON Schemas and what the daemon serves of them, written anew from docs/openapi.yaml, and checked (root)
	scripts/contract_tests.sh write
	scripts/contract_tests.sh

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
