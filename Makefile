# The commands of this project. `make help` lists them; `make run` and `make test` need nothing but Python 3.11 or newer.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

# Installs a lock with hashes; uv where it is there, because it is quicker.
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tidegate needs Python 3.11 or newer: make $@ PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@if command -v uv >/dev/null; then uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
	@if command -v uv >/dev/null; then uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; fi
	@touch $@
endef

.venv/.run: requirements/run.txt pyproject.toml
	$(call install,requirements/run.txt)

.venv/.dev: requirements/dev.txt pyproject.toml
	$(call install,requirements/dev.txt)

.venv/.fuzz: requirements/fuzz.txt .venv/.dev
	$(call install,requirements/fuzz.txt)

.PHONY: fuzz help run test quick check fix bench bench-detect clients conformance faults docs lock dev clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/.run ## start the gateway (make run ARGS=--demo adds a target that plays a cloud)
	@$(BIN)/tidegate up $(ARGS)

test: .venv/.dev ## install what the tests need, and run them all
	@$(BIN)/python -m pytest $(ARGS)

quick: .venv/.dev ## the tests that take seconds
	@$(BIN)/python -m pytest -m 'not slow' $(ARGS)

faults: .venv/.dev ## kill -9, full disks and bad upstreams, the long form
	@TIDEGATE_FAULTS=long $(BIN)/python -m pytest tests/faults $(ARGS)

clients: .venv/.dev ## install real client programs (a gigabyte) and drive each of them against the gateway
	@$(BIN)/python -m tests.clients.install || true
	@$(BIN)/python -m pytest tests/clients $(ARGS)

fuzz: .venv/.fuzz ## bad input from clients and upstreams, 15 minutes each kind (make fuzz ARGS=--short: under a minute)
	@$(BIN)/python -m tests.fuzz $(ARGS)

conformance: .venv/.dev ## dialect x position x label, every cell and under load; writes docs/conformance.md
	@$(BIN)/python -m tests.conformance $(ARGS)

check: .venv/.dev ## lint, types and the import rule; looks only
	@$(BIN)/ruff check src tests bench tools training
	@$(BIN)/ruff format --check --quiet src tests bench tools training
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

fix: .venv/.dev ## let the linter and the formatter write
	@$(BIN)/ruff check --fix src tests bench tools training
	@$(BIN)/ruff format src tests bench tools training

bench: .venv/.dev ## measure; writes docs/performance.md (on a quiet machine)
	@$(BIN)/python -m bench $(ARGS)

bench-detect: .venv/.dev ## how well and how fast the detectors do; writes docs/accuracy.md (some minutes)
	@$(BIN)/python -m bench.detect $(ARGS)

docs: .venv/.dev ## write the generated documents again
	@$(BIN)/python -m tools.documents

dev: .venv/.dev ## only install

lock: ## choose versions anew (needs uv and a network)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra embedded --group pyproject.toml:build pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra embedded --group pyproject.toml:build --group pyproject.toml:test --group pyproject.toml:lint -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:fuzz -c requirements/dev.txt -o requirements/fuzz.txt

clean: ## remove what was made here
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
