# Everything a newcomer needs: python3 (3.11 or later) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# the project's own orchestrator and settings, whatever the shell has set
export QINGWEN_HOME := $(CURDIR)/.qingwen
export PYTHONUTF8 := 1

.PHONY: run test score bench lock setup clean

run: setup
	$(BIN)/qingwen build data/samples --tables data/tables

# the files in their order: the flows, which take longest, come first, so that no process works alone at the end
test: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

score: setup
	$(BIN)/python tests/score.py ../shared

bench: setup
	$(BIN)/python -m benchmarks

setup: $(VENV)/.stamp

# The stamp makes a second set-up cost nothing. The lock is complete, so pip resolves nothing (--no-deps): where two packages ask for
# the same one with and without extras, older pips refuse a pinned version in hash mode.
$(VENV)/.stamp: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# After a change of dependencies in pyproject.toml; needs a package index. Resolved for the oldest Python, which asks for most packages.
lock: setup
	$(BIN)/python -m pip install -qq --disable-pip-version-check uv
	$(BIN)/uv pip compile -q pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements.lock

clean:
	rm -rf $(VENV) .qingwen build dist data/tables .pytest_cache .ruff_cache .mypy_cache .hypothesis
