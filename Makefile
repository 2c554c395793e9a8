# Two commands take you from a clone to a clicked button: `make try`, then open the page it prints.
# Everything is installed in .venv, from the lock files, and put there again when they change.

VENV  := .venv
PY    := $(VENV)/bin/python
READY := $(VENV)/.ready
ARGS  ?=

.DEFAULT_GOAL := help
.PHONY: help install try test check lint bench format lock clean browser

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(READY) ## what the bot needs, in .venv

try: $(READY) ## the bot in a pretend workspace, on a page you can click; Ctrl-C stops it
	@$(PY) -m bot rehearse $(ARGS)

# Half of the time a test waits for a server, a page or a killed bot: three of them fill two cores.
WORKERS := $(shell echo $$(( ($$(nproc 2>/dev/null || echo 2) * 3 + 1) / 2 )))

test: $(READY) browser ## the whole test suite; make test ARGS="-k escalation" for a part of it
	@$(PY) -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

# The tests of the page drive Debian's Chromium; as root (a container, CI) we fetch it.
browser:
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing chromium, which the tests of the sandbox's page drive"; \
	    apt-get update --quiet=2 && \
	    apt-get install --quiet=2 --yes chromium fonts-noto-color-emoji >/dev/null; \
	fi

check: lint ## what CI runs: formatting, lint, types, import contracts, then the tests
	@$(MAKE) --no-print-directory test

lint: $(READY) ## formatting, lint, types and import contracts, without the tests
	@echo "formatting"; $(PY) -m ruff format --check .
	@echo "lint"; $(PY) -m ruff check .
	@echo "types"; $(PY) -m mypy
	@echo "import contracts"; PYTHONPATH=. $(VENV)/bin/lint-imports

bench: $(READY) ## how fast the parts are on this machine
	@$(PY) -m tests.bench $(ARGS)

format: $(READY) ## put imports and layout in order
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

# The full list is resolved first and the shorter one starts from it, so the two always agree.
# make lock ARGS=--upgrade takes the newest of everything; ARGS="--upgrade-package aiohttp" of one.
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m piptools compile --quiet \
	--generate-hashes --allow-unsafe --strip-extras --no-emit-options \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock: $(READY) ## write the lock files again from pyproject.toml; takes some minutes
	@$(COMPILE) $(ARGS) --extra dev --output-file requirements-dev.txt pyproject.toml
	@cp requirements-dev.txt requirements.txt
	@$(COMPILE) --output-file requirements.txt pyproject.toml

clean: ## remove caches; databases, settings and .venv stay
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	@find . -path ./$(VENV) -prune -o -name __pycache__ -type d -exec rm -rf {} +

# Python 3.11 or newer makes the environment: the first that fits, or make PYTHON=/path/to/python.
# Debian keeps a part of venv in a package of its own; as root (a container, CI) we fetch it.
$(READY): requirements.txt requirements-dev.txt
	@new_enough='import sys; sys.exit(sys.version_info < (3, 11))'; \
	if ! $(PY) -c "$$new_enough" 2>/dev/null; then \
	    for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 none; do \
	        if $$python -c "$$new_enough" 2>/dev/null; then break; fi; \
	    done; \
	    if [ $$python = none ]; then \
	        echo "Python 3.11 or newer is needed. Install it, or say make PYTHON=/path/to/python." >&2; \
	        exit 1; \
	    fi; \
	    if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	        if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
	            echo "Python's venv is missing. On Debian or Ubuntu: sudo apt install python3-venv" >&2; \
	            exit 1; \
	        fi; \
	        apt-get update --quiet && apt-get install --quiet --yes python3-venv; \
	    fi; \
	    echo "making $(VENV)"; $$python -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }; \
	fi
	@echo "installing what the lock files name: a minute or two, once"
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
