# Everything a person does with this tree: run it, test it, check it. All targets work on a machine with Python, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROOMS := guard chassis auth_service user_service product_service
UV_INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python

.PHONY: run test check format bench lock clean help
.DEFAULT_GOAL := run
.DELETE_ON_ERROR:

run: $(VENV)/.run ## start the three services on SQLite with demo data
	@$(BIN)/python -m dev.run

test: $(VENV)/.dev ## all tests, on SQLite and PostgreSQL, with branch coverage
	@$(BIN)/python -m dev.test

check: $(VENV)/.dev ## lint, format, types, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev ## format the code and repair what the linter can repair
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

ROUNDS ?= 5
SECONDS ?= 4
bench: $(VENV)/.dev build/bench-venv/.installed ## measure side by side with peers: ROUNDS=5 SECONDS=4, or BENCH=--quick
	@$(BIN)/python -m bench --rounds $(ROUNDS) --seconds $(SECONDS) $(BENCH)

# A stamp is touched last, so an installation that was interrupted is made again. An environment without a working pip
# is one that was never finished, or whose Python has gone: it is made from scratch.
$(VENV)/.bootstrap: locks/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gapura needs Python 3.11 or newer; this is %s. Set PYTHON=/path/to/python3.11 and try again." % sys.version.split()[0])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Making the environment in $(VENV) (once) ..."; $(PYTHON) -m venv --clear $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement locks/bootstrap.txt
	@touch $@

$(VENV)/.run: $(VENV)/.bootstrap locks/run.txt $(ROOMS:%=%/pyproject.toml)
	@echo "Installing what the services need ..."
	@$(UV_INSTALL) --require-hashes --requirement locks/run.txt
	@$(UV_INSTALL) --no-deps --no-build-isolation $(ROOMS:%=--editable ./%)
	@touch $@

$(VENV)/.dev: $(VENV)/.run locks/dev.txt
	@echo "Installing what the tests and checks need ..."
	@$(UV_INSTALL) --require-hashes --requirement locks/dev.txt
	@touch $@

build/bench-venv/.installed: $(VENV)/.bootstrap locks/bench.txt
	@echo "Installing the peers that are measured ..."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python build/bench-venv
	@$(BIN)/uv pip install --quiet --python build/bench-venv/bin/python --require-hashes --requirement locks/bench.txt
	@touch $@

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
lock: $(VENV)/.bootstrap ## bring every lock up to date with the newest versions
	$(COMPILE) --upgrade locks/bootstrap.in --output-file locks/bootstrap.txt
	$(COMPILE) --upgrade --no-emit-package gapura --no-emit-package gapura-chassis $(ROOMS:%=%/pyproject.toml) locks/build.in --output-file locks/run.txt
	$(COMPILE) --upgrade --constraint locks/run.txt locks/dev.in --output-file locks/dev.txt
	$(COMPILE) --upgrade --constraint locks/run.txt locks/bench.in --output-file locks/bench.txt

clean: ## remove the environment and everything that was built; databases under var/ stay
	rm -rf $(VENV) build dev/node/node_modules bench/node/node_modules tests/clients/node/node_modules .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST)
