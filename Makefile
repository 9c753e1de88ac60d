# For a fresh machine with Python and make: `make demo`, `make quick`, `make test`. Each installs what
# it needs, in the releases that requirements/pins.txt names.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_FLAGS ?= -q -n 2
DIST ?= dist

.PHONY: demo quick test proof proof-of-tests test-without-proton twice properties check format \
	lock coverage conformance rules trust fuzz benchmark build clean

demo: $(VENV)/.installed
	$(BIN)/python -m pytest -q -s -p no:cacheprovider moto_proton/examples/test_rollout.py

# After each edit, in 40 seconds of processor time: style of what changed, the pure rooms, the heart
# of update_service, one test of each way in (tests/ways_in). What is marked `costly` or `proof` is
# left out, and properties are tried with few examples. One process: each costs five seconds to start.
QUICK := tests/spec tests/nesting tests/api_model tests/bundle tests/render tests/provision \
	tests/remembering tests/update_service/test_diff.py tests/ways_in
quick: $(VENV)/.installed-lint
	@changed=$$(git diff --name-only --diff-filter=d HEAD -- '*.py'; \
		git ls-files --others --exclude-standard -- '*.py'); \
	if [ -n "$$changed" ]; then \
		$(BIN)/ruff check $$changed && $(BIN)/ruff format --check $$changed; fi
	$(BIN)/python -m pytest -q -m "not proof and not costly" --hypothesis-profile=quick $(QUICK)

# Before each commit: all that tells whether something broke.
test: $(VENV)/.installed
	$(BIN)/python -m pytest $(PYTEST_FLAGS) -m "not proof"

# What takes long by nature: tests marked `proof` (threads, hundreds of mocks), properties tried
# thoroughly, hostile input, and all tests twice in a random order in one process.
proof: proof-of-tests properties fuzz twice

proof-of-tests: $(VENV)/.installed
	$(BIN)/python -m pytest $(PYTEST_FLAGS) -m proof

# All tests again, beside a copy of the installed botocore from which Proton was removed.
test-without-proton: $(VENV)/.installed
	$(BIN)/python -m scripts.botocore_without_proton build/without-proton
	PYTHONPATH=$(CURDIR)/build/without-proton $(BIN)/python -m pytest $(PYTEST_FLAGS)

# Style and types of everything.
check: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Renews the pins in requirements/: the newest of all that goes together, and the oldest promised.
lock: $(VENV)/.installed-lint
	$(BIN)/python -m scripts.lock

# Writes docs/coverage.md anew; runs only the files in which tests were renamed.
coverage: $(VENV)/.installed
	$(BIN)/python -m scripts.coverage

# Sends every variant of every request and writes docs/conformance.md anew.
conformance: $(VENV)/.installed
	$(BIN)/python -m scripts.conformance

# Reads docs/behaviour.md and who cites its rules, writes docs/rules.md anew, and says what is wrong.
rules: $(VENV)/.installed
	$(BIN)/python -m scripts.rules

# Counts what docs/trust.md says there is, and writes the numbers there; measures with MEASURE=1.
trust: $(VENV)/.installed
	$(BIN)/python -m scripts.trust $(if $(MEASURE),--measure)

# All tests twice in one process, each time in another order: nothing is left behind.
twice: $(VENV)/.installed
	$(BIN)/python -m pytest -q -m "not proof" --order 1 --passes 2

# Many and long sequences of calls over all resources, found anew each time.
properties: $(VENV)/.installed
	MOTO_PROTON_PROPERTIES=thorough $(BIN)/python -m pytest -q tests/properties tests/update_service/test_random_edits.py

# A minute of hostile input of every kind.
fuzz: $(VENV)/.installed
	$(BIN)/python -m scripts.fuzz --seconds 15 --seed 1

benchmark: $(VENV)/.installed
	$(BIN)/python -m benchmarks

# The sdist and the wheel, in dist/ or the folder DIST, and whether a package index would take and show them.
build: $(VENV)/.installed-lint
	rm -rf $(DIST)
	$(BIN)/python -m build --no-isolation --outdir $(DIST)
	$(BIN)/twine check --strict $(DIST)/*

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 10) else "moto_proton needs Python 3.10 or later")'
	$(PYTHON) -m venv $(VENV)

# Pinned, and built by the setuptools that is pinned, not by the newest that an index has.
PINNED := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements/pins.txt

$(VENV)/.installed: setup.cfg pyproject.toml requirements/pins.txt | $(VENV)/bin/python
	$(PINNED) setuptools
	$(PINNED) --no-build-isolation -e '.[test]'
	touch $@

$(VENV)/.installed-lint: $(VENV)/.installed
	$(PINNED) --no-build-isolation -e '.[lint]'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
