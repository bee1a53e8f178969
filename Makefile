PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LANGUAGE ?= zh

.DEFAULT_GOAL := help
.PHONY: help setup check test lint types imports quick unit prove bench demo script screenshot gallery drawings lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/'

setup: $(VENV)/.done ## the virtual environment, with everything pinned

$(VENV)/.done: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 or newer is needed; say which one with: make PYTHON=/path/to/python3.11 …'; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

check: lint types imports quick ## in two minutes: lint, types, import rules and nine tests of ten

test: lint types imports unit ## in five minutes: lint, types, import rules and all tests

lint: $(VENV)/.done ## style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.done ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.done ## who may import whom
	$(BIN)/lint-imports

# What is marked waits for a browser, for another process or for a while: tests/conftest.py.
quick: $(VENV)/.done ## the tests that wait for nothing
	$(BIN)/python -m pytest -n 3 --dist worksteal -m 'not slow and not process and not browser'

# A whole house waits most of the time: many at once. Each process collects all that it is given.
unit: $(VENV)/.done ## the tests themselves
	$(BIN)/python -m pytest -n 8 --dist worksteal tests/e2e
	$(BIN)/python -m pytest -n 3 --dist worksteal --ignore=tests/e2e --ignore=tests/zjy --ignore=tests/study
	$(BIN)/python -m pytest -n 2 tests/zjy tests/study --cov=bot.zjy --cov=bot.study --cov-branch \
	  --cov-report=term:skip-covered --cov-fail-under=95

prove: $(VENV)/.done ## what takes half an hour: fuzz, many schools, mutants; writes docs/proofs.md
	$(BIN)/python -m tests.prove

bench: $(VENV)/.done ## how fast it answers when 200 chats press at once; writes docs/load.md
	$(BIN)/python -m benchmarks.load

demo: $(VENV)/.done ## the bot between two stand-in servers, on a page that is a phone
	$(BIN)/python -m demo --lang $(LANGUAGE)

script: $(VENV)/.done ## the same conversation without a browser: make script LANGUAGE=en
	$(BIN)/python -m demo --script --lang $(LANGUAGE)

screenshot: $(VENV)/.done ## the picture in the README anew (needs a Chromium)
	SAVE_SCREENSHOT=1 $(BIN)/python -m pytest -q tests/e2e/test_demo_page.py

drawings: $(VENV)/.done ## the pictures of the login screen anew (needs a Chromium)
	SAVE_DRAWINGS=1 $(BIN)/python -m pytest -q tests/docs/test_drawings.py -k saved

gallery: $(VENV)/.done ## pictures of the main screens, into docs/gallery (needs a Chromium)
	$(BIN)/python -m tests.gallery

lock: ## the pinned requirements anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate \
	  --custom-compile-command 'make lock' -q pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate \
	  --custom-compile-command 'make lock' -q --extra dev pyproject.toml -o requirements-dev.lock
	echo hatchling | uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --no-annotate --custom-compile-command 'make lock' -q - -o requirements-build.lock

clean: ## what was made here
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
