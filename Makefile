# Everything happens in .venv; only Python 3.11 or newer and make are needed beforehand.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV_VERSION := 0.13.9
PIP := $(BIN)/python -m pip -q --disable-pip-version-check
UV := $(BIN)/python -m uv -q pip
# A path entry rather than an import hook: a folder named tools in the current directory must not come first.
EDITABLE := --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
# More for pytest, e.g. make test PYTEST_ARGS="-n0 -k rules"
PYTEST_ARGS ?= -n auto --dist worksteal

.SHELLFLAGS := -ec
.DEFAULT_GOAL := help
.PHONY: help setup demo ui test lint bench lock clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

setup: $(READY) ## create or update .venv

$(READY): requirements.txt requirements-dev.txt pyproject.toml
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  found=; \
	  for python in python3.11 python3 python3.12 python3.13; do \
	    if "$$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	      found="$$python"; break; \
	    fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "make: found no Python 3.11 or newer with its venv module; install one (Debian: python3.11-venv)" >&2; \
	    exit 1; \
	  fi; \
	  "$$found" -m venv --clear $(VENV); \
	fi
	@export UV_LINK_MODE=copy UV_SYSTEM_CERTS=true; \
	if ! { $(PIP) install uv==$(UV_VERSION) \
	  && $(UV) sync --compile-bytecode requirements-dev.txt \
	  && $(UV) install $(EDITABLE); }; then \
	  echo "make: uv did not work here; pip takes its place, which is slower" >&2; \
	  $(PIP) install -r requirements-dev.txt; \
	  $(PIP) install $(EDITABLE); \
	fi
	@touch $@

demo: $(READY) ## set up, then show a proof and a counterexample
	@$(BIN)/python examples/demo.py

ui: $(READY) ## set up, then serve the chat page on this machine
	$(BIN)/quasikarp ui

test: $(READY) ## set up, then run all tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(READY) ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) ## run the benchmarks of benchmarks/
	$(BIN)/python -m benchmarks

lock: $(READY) ## compile requirements*.in into requirements*.txt
	$(UV) compile --no-header --no-annotate --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	$(UV) compile --no-header --no-annotate --python-version 3.11 -c requirements-dev.txt requirements.in -o requirements.txt

clean: ## remove what was generated, .venv included
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
