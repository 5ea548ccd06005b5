# Every target makes the environment that it needs. Python 3.11 or newer and git are enough for `make demo`;
# the workflow tests also need node and go, and `make test` says so where they are missing.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
ACT_VERSION := v0.2.89
TOOLS := build/bin
NODE := node_modules/.package-lock.json
WORKERS ?= 2
# the tests of a file share its servers
TOGETHER := -n $(WORKERS) --dist loadscope

.DEFAULT_GOAL := help
.PHONY: help demo demo-actions test coverage test-fast test-long lint format lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: $(READY) ## the story of a model repository in five acts, on real flights, in a minute and a half
	@$(BIN)/python -m demo

demo-actions: $(READY) tools ## the same story through the workflows: act, emulate and an MLflow server
	@PYTHONPATH=. $(BIN)/python scripts/demo_actions.py

test: lint tools ## everything but the long campaigns
	$(BIN)/pytest $(TOGETHER) -m "not long"

coverage: $(READY) tools ## the same, and which lines it does not reach
	$(BIN)/pytest $(TOGETHER) --cov --cov-report=term -m "not long"

test-fast: lint ## under a minute: unit tests, golden files, the actions' contracts
	$(BIN)/pytest -q -n $(WORKERS) -m "not long" tests/unit tests/golden tests/actions

test-long: $(READY) tools ## the long campaigns
	$(BIN)/pytest -n $(WORKERS) -m long

lint: $(READY) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY) ## rewrite files as the linters want them
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY) ## write the lock files again after a change of pyproject.toml
	$(BIN)/python scripts/lock.py

clean: ## remove what was built
	rm -rf .venv node_modules build .mlgate

$(READY): requirements/uv.txt requirements/dev.txt pyproject.toml
	@echo "making .venv (once)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements/dev.txt
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

.PHONY: tools
tools: $(READY) ## node packages and act, where node and go are there
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(NODE); \
	 else echo "skipped: GitHub's API stand-in and language service (install Node.js 20 or newer)"; fi
	@if command -v go >/dev/null; then $(MAKE) --no-print-directory $(TOOLS)/act; \
	 else echo "skipped: the workflows in nektos/act (install Go 1.24 or newer)"; fi

$(NODE): package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@

$(TOOLS)/act:
	@echo "building nektos/act $(ACT_VERSION) (once, a minute or two)"
	@GOBIN="$(abspath $(TOOLS))" GOFLAGS=-modcacherw go install github.com/nektos/act@$(ACT_VERSION)
