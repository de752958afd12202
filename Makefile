# Every target needs only Python >= 3.9 with pip, make and a network: uv is fetched into .tools, everything else into .venv.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
BIN := .venv/bin
WORKERS ?= auto

export PYTHONUTF8 = 1
# uv looks for interpreters in PATH only; pyenv keeps its own elsewhere.
export PATH := $(PATH):$(lastword $(wildcard $(HOME)/.pyenv/versions/$(file < .python-version)*/bin))
# uv must not read a lock file: requirements/*.txt are the lock, with hashes and without a registry's name.
export UV_FROZEN = 1
# Without compiled modules every command would compile Django, DuckDB and SQLGlot anew: more than a second each time.
unexport PYTHONDONTWRITEBYTECODE
export UV_COMPILE_BYTECODE = 1

.PHONY: help setup demo test quick lint types fmt shape bench bench-peers bench-web chaos conformance serve requirements messages clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(UV):
	@echo "Fetching uv $(UV_VERSION) into .tools"
	@PIP_ROOT_USER_ACTION=ignore $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --upgrade --target .tools uv==$(UV_VERSION)

.venv/.synced: $(UV) requirements/dev.txt .python-version pyproject.toml
	@echo "Making .venv from requirements/dev.txt"
	@test -x $(BIN)/python || $(UV) venv --quiet .venv
	@# A second try with the system's certificates: behind a company's proxy only those are right.
	@$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt 2>.tools/sync.log \
		|| $(UV) --system-certs pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt \
		|| { cat .tools/sync.log; exit 1; }
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

setup: .venv/.synced  ## make .venv (all other targets do it first)

demo: setup  ## one whole export on sample profiles, against a local Brevo
	@$(BIN)/traginer demo

test: setup lint types  ## everything: style, layers, types, and all tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

quick: setup  ## the tests that take no longer than ten seconds each
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m 'not slow'

lint: setup  ## style and the layer contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-cache

types: setup  ## mypy, strict
	@$(BIN)/mypy

fmt: setup  ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

shape: setup  ## size figures of our own code
	@$(BIN)/python bench/shape.py

bench: setup  ## the pipeline against the physical limit measured in the same run
	@$(BIN)/python -m bench

bench-peers: setup  ## Traginer and other open tools at the same job, each in an environment of its own
	@$(BIN)/python -m bench.peers

bench-web: setup  ## every page of a full installation against the goals of speed and weight
	@$(BIN)/python -m bench.web

chaos: setup  ## the long runs of processes that are killed and stopped, on SQLite and Postgres
	@TRAGINER_LONG_CHAOS=1 $(BIN)/python -m pytest tests/chaos -s

conformance: setup  ## thousands of random rules in a real PostgreSQL against plain Python
	@TRAGINER_RULES=2500 $(BIN)/python -m pytest tests/segments/test_postgres.py

serve: setup  ## web, API, scheduler and worker, until Ctrl-C
	@$(BIN)/traginer serve

requirements: $(UV)  ## compile the hash-pinned requirement files anew
	@$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.12 pyproject.toml -o requirements/core.txt
	@$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.12 pyproject.toml requirements/build.in --all-extras --group dev -o requirements/dev.txt

messages: setup  ## collect the texts to translate and compile the Catalan
	@$(BIN)/python -m tests.messages

clean:  ## remove what the other targets made
	rm -rf .venv .tools .demo
