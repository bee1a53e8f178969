PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LANGUAGE ?= zh

# Where it is set, each of the test processes compiles every module for itself.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup check test lint types imports quick unit waiting computing .computed prove bench demo script screenshot gallery drawings lock clean

help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/'

setup: $(VENV)/.done ## create the virtual environment from the pinned requirements

$(VENV)/.done: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 or newer is needed; say which one with: make PYTHON=/path/to/python3.11 …'; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

check: lint types imports quick ## lint, types, import rules and the quick tests; 2 minutes

test: lint types imports unit ## lint, types, import rules and all tests; 5 minutes

lint: $(VENV)/.done ## ruff: style and common mistakes; hadolint: those of the Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	test ! -x $(BIN)/hadolint || $(BIN)/hadolint Dockerfile

types: $(VENV)/.done ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.done ## import rules between packages (import-linter)
	$(BIN)/lint-imports

# The marks are in tests/conftest.py: a browser, another process, or a long run.
quick: $(VENV)/.done ## tests without a browser, a process of their own or a long run
	$(BIN)/python -m pytest -n 4 --dist worksteal -m 'not slow and not process and not browser'

WAITING := $(addprefix tests/,e2e prove proxies benchmarks demo threats health check)
COVERED := tests/zjy tests/study
COMPUTED := .pytest_cache/computing.log

unit: $(VENV)/.done ## all tests: both kinds at once
	@$(MAKE) --no-print-directory -j2 waiting .computed

# Two at once would print into each other.
.computed:
	@mkdir -p $(dir $(COMPUTED)); trap exit INT TERM; trap 'cat $(COMPUTED)' EXIT; \
	$(MAKE) --no-print-directory computing > $(COMPUTED) 2>&1

# Tests of processes and pages wait most of the time, so many run at once.
waiting: $(VENV)/.done ## tests of whole bots, processes and pages
	$(BIN)/python -m pytest -n 6 --dist loadscope $(WAITING)

# In one process, because coverage takes half as much again in workers. The waiting tests get the
# processor first, because some measure time.
computing: $(VENV)/.done ## all other tests, with the coverage of bot.zjy and bot.study
	@code=0; \
	nice -n 5 $(BIN)/python -m pytest $(COVERED) --cov=bot.zjy --cov=bot.study --cov-branch \
	  --cov-report=term:skip-covered --cov-fail-under=95 || code=$$?; \
	nice -n 5 $(BIN)/python -m pytest -n 3 --dist worksteal \
	  $(addprefix --ignore=,$(WAITING) $(COVERED)) || code=$$?; \
	exit $$code

prove: $(VENV)/.done ## long tests, half an hour: fuzz, many schools, mutants; writes docs/proofs.md
	$(BIN)/python -m tests.prove

bench: $(VENV)/.done ## costs, speed and load, 7 minutes; writes docs/benchmarks.md
	$(BIN)/python -m benchmarks

demo: $(VENV)/.done ## run the bot between two stand-in servers, with a phone in the browser
	$(BIN)/python -m demo --lang $(LANGUAGE)

script: $(VENV)/.done ## run the demo's conversation without a browser: make script LANGUAGE=en
	$(BIN)/python -m demo --script --lang $(LANGUAGE)

screenshot: $(VENV)/.done ## redraw the picture in the README (needs Chromium)
	SAVE_SCREENSHOT=1 $(BIN)/python -m pytest -q tests/e2e/test_demo_page.py

drawings: $(VENV)/.done ## redraw the pictures of the login screen and the profile photo (needs Chromium)
	SAVE_DRAWINGS=1 $(BIN)/python -m pytest -q tests/docs/test_login_drawing.py tests/docs/test_profile_photo.py -k saved

gallery: $(VENV)/.done ## redraw the pictures in docs/gallery (needs Chromium)
	$(BIN)/python -m tests.gallery

lock: ## update the pinned requirements (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate \
	  --custom-compile-command 'make lock' -q --extra metrics pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate \
	  --custom-compile-command 'make lock' -q --extra metrics --extra dev pyproject.toml -o requirements-dev.lock
	echo hatchling | uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --no-annotate --custom-compile-command 'make lock' -q - -o requirements-build.lock

clean: ## remove the virtual environment and the caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
