# Every target makes the environment that it needs: Python 3.11 or newer and git are enough.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

$(READY): requirements/uv.txt requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	touch $@

.PHONY: lock
lock: ## write the lock files again after a change of pyproject.toml
	$(BIN)/python scripts/lock.py

.PHONY: clean
clean:
	rm -rf .venv node_modules build
