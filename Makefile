# Installs what a target needs, then runs it. Needs only Python >= 3.11, Node >= 20 and make.
PYTHON ?= python3
NPM ?= npm
WORKERS ?= 2
UV_VERSION = 0.13.9

# What runs again on the oldest rules the bytecode must run on, and on the second local engine.
BERLIN = tests/contracts tests/behaviours tests/guideline tests/properties tests/standards
GANACHE = tests/client/test_world.py tests/client/test_token.py tests/client/test_orders.py tests/client/test_system.py

# The campaign that the proofs play; `make campaign` draws a new one each time.
PROVED = 0xef3d2ada68d3feca

BIN = .venv/bin
BROWNIE_BIN = .venv-brownie/bin
VENV = .venv/.installed
BROWNIE_VENV = .venv-brownie/.installed
NODE = node_modules/.installed
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check

export PIP_NO_INPUT = 1
unexport PYTEST_ADDOPTS

.PHONY: help install compile demo test lint format proofs campaign analyse coverage mutants symbolic brownie bench lock dist clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV) $(NODE) ## Python environment and npm packages

$(VENV): requirements/dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/dev.lock
	$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	touch $@

# Interpreted: the compiled wheel of eth-brownie 1.22.2 refuses settings that its own documentation names.
$(BROWNIE_VENV): requirements/brownie.lock pyproject.toml
	test -x $(BROWNIE_BIN)/python || $(PYTHON) -m venv .venv-brownie
	BROWNIE_LIB=1 BROWNIE_NOCOMPILE=1 $(BROWNIE_BIN)/python $(PIP_INSTALL) \
		--require-hashes --no-binary eth-brownie -r requirements/brownie.lock
	$(BROWNIE_BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	touch $@

# Analysers, each with what it needs in an environment of its own.
.venv-%/.installed: requirements/%.lock
	test -x .venv-$*/bin/python || $(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python $(PIP_INSTALL) --require-hashes -r $<
	touch $@

# --ignore-scripts: every package here works as published, none needs to build or download anything.
$(NODE): package-lock.json package.json .npmrc
	$(NPM) ci --ignore-scripts --loglevel=error
	touch $@

compile: $(VENV) $(NODE) ## artifacts, reverts.py and bindings from the contracts
	$(BIN)/stotoken compile

demo: $(VENV) $(NODE) ## a security's whole life on an embedded chain
	$(BIN)/stotoken demo

test: $(VENV) $(NODE) ## the ordinary test suite
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow"

lint: $(VENV) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV) ## let ruff format the Python code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

proofs: $(VENV) $(NODE) ## long property runs, Berlin, Ganache, campaigns, coverage, analysers, artifacts against sources
	$(BIN)/stotoken compile --check
	$(BIN)/python -m pytest -q -n $(WORKERS) -m slow
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow" --hardfork berlin $(BERLIN)
	$(BIN)/stotoken conformance --hardfork berlin
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow" --engine ganache $(GANACHE)
	$(BIN)/stotoken conformance --engine ganache
	$(MAKE) campaign coverage symbolic analyse SEED=$(PROVED)

campaign: $(NODE) ## a million calls on the contracts and on a model of them, in Solidity
	$(PYTHON) scripts/campaign.py $(if $(SEED),--seed $(SEED))

analyse: .venv-slither/.installed $(NODE) ## slither and solhint; every finding is answered in contracts/ANALYSIS.md
	.venv-slither/bin/python scripts/analyse.py

coverage: $(NODE) ## which lines and branches of the contracts the Solidity tests reach
	$(PYTHON) scripts/coverage.py

mutants: $(VENV) $(NODE) ## faults put into the contracts one at a time, which the tests must find; goes on where it was cut off
	$(BIN)/python scripts/mutants.py --workers $(WORKERS)

symbolic: .venv-halmos/.installed $(NODE) ## packing, bounds and epochs for all numbers at once
	PATH="$(CURDIR)/node_modules/.bin:$(CURDIR)/.venv-halmos/bin:$$PATH" FOUNDRY_PROFILE=symbolic halmos \
		--forge-build-out build/forge/symbolic/out --solver yices --solver-timeout-assertion 60000

bench: $(VENV) $(NODE) ## gas of every act, speed of bulk jobs and of the ledger, build/bench/*.json
	$(BIN)/python bench/gas.py
	$(BIN)/python bench/bulk.py
	$(BIN)/python bench/ledger.py

brownie: $(BROWNIE_VENV) $(NODE) ## compile, test on both engines and deploy through Brownie, offline
	BROWNIE=$(BROWNIE_BIN) bash scripts/brownie.sh

# The lock files name versions and hashes and no registry.
lock: ## renew the Python lock files from pyproject.toml
	test -x build/lock/bin/uv || { $(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet uv==$(UV_VERSION); }
	for name in dev brownie; do build/lock/bin/uv pip compile --quiet pyproject.toml requirements/build.in --extra $$name \
		--generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" -o requirements/$$name.lock || exit 1; done
	for name in slither halmos; do build/lock/bin/uv pip compile --quiet requirements/$$name.in \
		--generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" -o requirements/$$name.lock || exit 1; done

dist: $(VENV) ## wheel and source distribution under dist/
	$(BIN)/python -m hatchling build

clean: ## forget everything that was built or installed
	rm -rf .venv .venv-brownie .venv-slither .venv-halmos node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
