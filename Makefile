# make demo · make test · make setup · make spark · make check (lint, types, test: what .ci/run calls) · make docs · make page
# · make lock
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# A machine that forbids bytecode would compile costbot again for each of the hundreds of processes that tests start.
export PYTHONDONTWRITEBYTECODE =
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help demo test setup spark check lint types ready docs page lock format

help:
	@echo "make demo    the bot, a local Slack workspace and an AWS stand-in; prints the address to open"
	@echo "make test    all tests"
	@echo "make check   lint, types and tests"
	@echo "make setup   the virtual environment .venv alone"
	@echo "make spark   PySpark into it, for the engine spark and its tests; it needs Java 17"

setup: .venv/.demo

# One stamp a lock file: a changed lock is installed again, an unchanged one costs nothing.
.venv/.demo: requirements-demo.txt requirements-build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "costbot needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; run make PYTHON=python3.11")'
	@test -x $(BIN)/python || { echo "Setting up .venv (once, about a minute) ..."; $(PYTHON) -m venv .venv; }
	@$(PIP) --require-hashes -r requirements-build.txt -r requirements-demo.txt
	@PYTHONWARNINGS=ignore $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.demo requirements-dev.txt
	@echo "Setting up the test tools ..."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

# It comes as a source archive of half a gigabyte: only for those who run Spark, and for CI.
.venv/.spark: .venv/.dev requirements-spark.txt
	@echo "Setting up PySpark (once, some minutes) ..."
	@$(PIP) --require-hashes --no-build-isolation -r requirements-spark.txt
	@touch $@

spark: .venv/.spark

demo: setup
	@exec $(BIN)/costbot demo

test: .venv/.dev
	@$(BIN)/python -m pytest -n 4 --dist loadgroup

lint: .venv/.dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: .venv/.dev
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

types: .venv/.dev
	@$(BIN)/mypy

# Four workers that begin on a fresh clone would each compile every test.
ready: types
	@$(BIN)/python -m pytest -n 0 --collect-only -q >/dev/null

# mypy takes one processor for most of a minute, in which tests can have the others.
check: lint
	@$(MAKE) --no-print-directory -j2 types test

docs: setup
	@$(BIN)/python -m bot.docs

page:
	@bot/demo/slack/page/build.sh

# Needs uv on the path. The locks name versions and hashes, never an index.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.txt
	uv pip compile pyproject.toml --extra demo --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements.txt -o requirements-demo.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements-demo.txt -o requirements-dev.txt
	uv pip compile pyproject.toml --extra spark --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements.txt -o requirements-spark.txt
	echo 'setuptools>=80' | uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-build.txt
