# Each target is one line of explanation; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run phone build dist test test-browsers lint bench eval acceptance train simd fuzz vuln clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: build ## build the page, start the server, print where it is
	go run ./server

phone: build ## the same over HTTPS on the local network, with a QR code for the phone
	go run ./server phone

build: ## the static site in web/dist
	go run ./web/build -keep

dist: ## the static site for a CDN in dist/; API=https://api.example when the API lies elsewhere
	go run ./web/build -out dist -api "$(API)"

# Debian keeps nginx where the path of others than root doesn't lead.
export PATH := $(PATH):/usr/sbin:/sbin
# Git tells nothing of a clone that belongs to somebody else, as one that is mounted in a container: no program asks it.
export GOFLAGS := $(shell go env GOFLAGS 2>/dev/null) -buildvcs=false

PROGRAMS = chromium=chromium redis-server=redis-server nginx=nginx-light
# Missing ones of these only skip their tests, and the run's end names them.
OPTIONAL = node?=nodejs caddy?=caddy qemu-aarch64?=qemu-user identify?=imagemagick python:torch?=python3-torch python:numpy?=python3-numpy

test: lint ## everything that proves the project, a real browser included
	.ci/need $(PROGRAMS) $(OPTIONAL)
	go run ./web/build
	.ci/test

test-browsers: ## the page in Firefox and WebKitGTK, as far as their fake cameras allow
	.ci/need 'firefox-esr?=firefox-esr' 'WebKitWebDriver?=webkit2gtk-driver' 'Xvfb?=xvfb'
	go test ./web/e2e -run TestOtherBrowsers -browsers -count=1 -v

lint: ## formatting, vet for both worlds, staticcheck
	@loose=$$(gofmt -l .) && if [ -n "$$loose" ]; then echo "$$loose" >&2; exit 1; fi
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./wasm/... ./internal/...
	go tool staticcheck ./...

DIR ?= ../shared/eval
comma = ,
# A path in quotes, for it may hold a space; not every shell has put the home folder in by then.
home = $(patsubst ~/%,$(HOME)/%,$(1))
# The folder of pictures besides those that are drawn: the default where it lies, and whichever is named.
labelled = $(if $(filter file,$(origin DIR)),$(wildcard $(DIR)),$(call home,$(DIR)))
bench: ## speed, as ratios against a named alternative in the same run
	.ci/need nginx=nginx-light chromium=chromium node=nodejs tesseract=tesseract-ocr $(FONTS)=fonts-dejavu-core
	go test -run '^$$' -bench . -benchtime 200ms ./internal/neural ./internal/frame
	go test -run '^$$' -bench ReadJPEG -cpu 1,2 ./internal/recognize
	mkdir -p build/bench && $(DRAW) -set acceptance -n 60 -out build/bench
	go run ./internal/recognize/eval -dir "build/bench$(if $(labelled),$(comma)$(labelled))" -wasm -tesseract
	go run ./server/bench
	go test ./web/e2e -run TestMeasure -measure -count=1 -v

eval: ## how well the engine reads a labelled folder: make eval DIR=… HTML=failures.html
	go run ./internal/recognize/eval -dir "$(call home,$(DIR))" $(if $(HTML),-html "$(call home,$(HTML))")

N ?= 1000
# One family besides the built-in ones, so that the sets are the same on every amd64 machine; elsewhere some pixels differ.
FONTS ?= /usr/share/fonts/truetype/dejavu
SETS = build/acceptance
DRAW = go run ./internal/synth/cmd/synthdraw -fonts $(FONTS) -seed 2026
acceptance: ## the engine on drawn pictures: N (1000) a person could read, N without a card, 50 at every angle
	.ci/need $(FONTS)=fonts-dejavu-core
	mkdir -p $(SETS)/scenes $(SETS)/negatives $(SETS)/rotations
	$(DRAW) -set acceptance -n $(N) -out $(SETS)/scenes
	$(DRAW) -set negatives -n $(N) -out $(SETS)/negatives
	$(DRAW) -set rotations -n 50 -out $(SETS)/rotations
	for set in scenes negatives rotations; do echo "== $$set"; go run ./internal/recognize/eval -dir $(SETS)/$$set || exit 1; done

TRAIN ?= build/train
train: ## from seeds to weights: draws the pictures, trains the nets, writes TRAIN/weights.bin
	.ci/need python:torch=python3-torch python:numpy=python3-numpy
	internal/recognize/train/fonts.sh
	internal/recognize/train/train.sh "$(call home,$(TRAIN))"

simd: ## the browser's SIMD kernels from their C source
	.ci/need clang=clang wasm-ld=lld
	internal/simd/source/build.sh

FUZZ ?= 30s
fuzz: ## each fuzz test for FUZZ (30s)
	@for pkg in $$(grep -rl --include=*_test.go '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for name in $$(grep -rhoE --include=*_test.go '^func Fuzz\w+' $$pkg | cut -c6- | sort -u); do \
			echo "$$pkg $$name"; go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZ) $$pkg || exit 1; \
		done; \
	done

vuln: ## known weaknesses in what we depend on, where the database can be reached
	go run golang.org/x/vuln/cmd/govulncheck@latest ./...

clean: ## what was built
	rm -rf web/dist dist build
