# Two commands for a fresh machine with Python and make: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_FLAGS ?= -q -n 2

.PHONY: demo test test-without-proton twice properties check format coverage conformance trust \
	fuzz benchmark build clean

demo: $(VENV)/.installed
	$(BIN)/python -m pytest -q -s -p no:cacheprovider examples/test_rollout.py

test: $(VENV)/.installed
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

# All tests again, beside a copy of the installed botocore from which Proton was removed.
test-without-proton: $(VENV)/.installed
	$(BIN)/python -m scripts.botocore_without_proton build/without-proton
	PYTHONPATH=$(CURDIR)/build/without-proton $(BIN)/python -m pytest $(PYTEST_FLAGS)

check: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Runs the tests and writes docs/coverage.md anew.
coverage: $(VENV)/.installed
	$(BIN)/python -m scripts.coverage

# Sends every variant of every request and writes docs/conformance.md anew.
conformance: $(VENV)/.installed
	$(BIN)/python -m scripts.conformance

# Counts what docs/trust.md says there is, and writes the numbers there; measures with MEASURE=1.
trust: $(VENV)/.installed
	$(BIN)/python -m scripts.trust $(if $(MEASURE),--measure)

# All tests twice in one process, each time in another order: nothing is left behind. An hour.
twice: $(VENV)/.installed
	$(BIN)/python -m pytest -q --order 1 --passes 2

# Many and long sequences of calls over all resources, found anew each time.
properties: $(VENV)/.installed
	MOTO_PROTON_PROPERTIES=thorough $(BIN)/python -m pytest -q tests/properties

# A minute of hostile input of every kind.
fuzz: $(VENV)/.installed
	$(BIN)/python -m scripts.fuzz --seconds 15 --seed 1

benchmark: $(VENV)/.installed
	$(BIN)/python -m benchmarks

build: $(VENV)/.installed
	$(BIN)/python -m build

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 10) else "moto_proton needs Python 3.10 or later")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: setup.cfg pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

$(VENV)/.installed-lint: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[lint]'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
