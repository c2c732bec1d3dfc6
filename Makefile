# Everything runs inside .venv, which is made on first use and brought up to date when what it is made from changes.
HOST = 127.0.0.1
PORT ?= 8000
# The first Python on the PATH that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV ?= uv
BIN = .venv/bin
LOCK = $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --group build

FORMS = tests/conformance/forms

.PHONY: run test check others conformance bench mutants openapi pictures screenshots lock clean chromium

run: .venv/run.stamp  # serve on http://HOST:PORT
	exec $(BIN)/muscle-balance serve --host $(HOST) --port $(PORT)

test: .venv/dev.stamp  # every check, then every test
	$(MAKE) --jobs 2 --output-sync=target --no-print-directory check others
	$(BIN)/pytest -n 2 --dist worksteal --durations 10

# What the tests need and others make: a browser, judges, form fillers.
others: chromium tests/conformance/node_modules $(FORMS)/built

conformance: .venv/dev.stamp others  # what goes out, before judges and form fillers of other make
	$(BIN)/pytest tests/conformance --durations 10

check: .venv/dev.stamp  # style, types, who imports whom, and the content
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/muscle-balance check

bench: .venv/dev.stamp
	$(BIN)/python -m benchmarks.evaluation
	$(BIN)/python -m benchmarks.http

# Hours for everything; `make mutants MUTANTS='rules.triage.*'` asks about one module. What is done is kept in mutants/.
mutants: .venv/dev.stamp  # change the rules line by line, and see whether a test notices
	$(BIN)/pip install -qq --disable-pip-version-check $$($(BIN)/python -c \
		"import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['dependency-groups']['mutation'])")
	$(BIN)/mutmut run --max-children 2 $(if $(MUTANTS),'$(MUTANTS)')
	$(BIN)/mutmut results

pictures: .venv/run.stamp  # draw every exercise and self-test, with a page that shows them all
	$(BIN)/muscle-balance pictures --out pictures

screenshots: .venv/dev.stamp chromium  # photograph every main page, narrow and wide, light and dark
	$(BIN)/python -m tests.browser.screenshots --out screenshots

openapi: .venv/run.stamp  # write openapi.json
	$(BIN)/muscle-balance openapi > openapi.json.new && mv openapi.json.new openapi.json

lock:  # pin anew after a change of dependencies; `make lock LOCK_ARGS=--upgrade` takes newer versions
	$(LOCK) $(LOCK_ARGS) --output-file requirements.txt
	$(LOCK) $(LOCK_ARGS) --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean:
	rm -rf .venv build dist mutants pictures screenshots openapi.json openapi.json.new .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find rules service tests benchmarks -type d -name __pycache__ -prune -exec rm -rf {} +

.venv/run.stamp: requirements.txt pyproject.toml
	$(call install,requirements.txt)

.venv/dev.stamp: requirements-dev.txt pyproject.toml
	$(call install,requirements-dev.txt)
	touch .venv/run.stamp

define install
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11 or newer; name one with PYTHON=..." >&2; exit 1; }
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --no-deps --requirement $(1)
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
endef

# Judges that are made with Node, and form fillers; their locks name versions and hashes, no addresses.
NPM = PATH="$(CURDIR)/$(BIN):$$PATH" npm
tests/conformance/node_modules $(FORMS)/node_modules: %/node_modules: %/package-lock.json .venv/dev.stamp
	cd $* && $(NPM) ci --silent --no-audit --no-fund --ignore-scripts
	touch $@

# LHC-Forms comes as built: the lock holds it alone, without the 250 MB that it was made from.
$(FORMS)/built: $(FORMS)/node_modules $(FORMS)/package.json $(wildcard $(FORMS)/*.jsx)
	cd $(FORMS) && $(NPM) run --silent build
	touch $@

# The browser tests use the Chromium that CHROMIUM names, or the one on the PATH.
chromium:
	@[ -z "$$CHROMIUM" ] || exit 0; \
	for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	[ "$$(id -u)" = 0 ] || sudo=sudo; \
	$$sudo apt-get update -qq && \
	$$sudo apt-get install -y -qq --no-install-recommends chromium fonts-liberation fonts-dejavu-core || { \
		echo "The browser tests need Chromium, and apt-get could not install it." >&2; \
		echo "Install it yourself, or name a Chromium or Chrome: make test CHROMIUM=/path/to/chrome" >&2; exit 1; }
