# Two commands do everything on a fresh machine with git, make and Python 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SECONDS ?= 60
FLIPS ?= 10000

.PHONY: help demo test quick lint unit box-versions real molecule fuzz soak bench bench-simulated bench-hostile picture clean

help:
	@echo "make demo   a simulated fleet is looked at, mended and looked at again (no root, no network, no boxes)"
	@echo "make quick  after a change: lint of the changed files and the tests that need memory only (seconds)"
	@echo "make test   everything; parts: make lint, unit, box-versions, real, molecule"
	@echo "make fuzz   hostile input for every parser, SECONDS=60 for each of them (Linux on x86-64)"
	@echo "make soak   an attacker exchanges files while each operation runs, FLIPS=10000 times each; then the long forms of tests"
	@echo "make bench  what a check of real boxes costs the control machine, beside others"
	@echo "make bench-simulated  what the engine costs for each of a thousand boxes in memory"
	@echo "make bench-hostile  how much longer healthy boxes take beside hostile ones"
	@echo "make picture  draw docs/report.svg, the picture of the README, anew"
	@echo "make clean  remove what these made, test boxes included"

demo: $(VENV)/ready
	@$(BIN)/python -m iotbox_simulator

test: $(VENV)/fuzz
	@$(BIN)/python tools/run_tests.py

quick lint unit box-versions real molecule: $(VENV)/fuzz
	@$(BIN)/python tools/run_tests.py $@

fuzz: $(VENV)/fuzz
	@$(BIN)/python fuzz/run.py --seconds $(SECONDS)

soak: $(VENV)/ready
	@$(BIN)/python fuzz/race.py --flips $(FLIPS)
	@$(BIN)/pytest -q -n auto --soak tests

bench: $(VENV)/ready
	@$(BIN)/python bench/ssh_check.py

bench-simulated: $(VENV)/ready
	@$(BIN)/python bench/simulated_fleet.py

bench-hostile: $(VENV)/ready
	@$(BIN)/python bench/hostile_boxes.py

picture: $(VENV)/ready
	@$(BIN)/python tools/draw_report.py

$(VENV)/ready: requirements/ci.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": make PYTHON=/path/to/python3.11 ...")'
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Python has no venv module: apt-get install python3-venv"; exit 1; }
	@echo "Installing into $(VENV) (once): $(PYTHON) -m venv, then requirements/ci.txt from PyPI"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/ci.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# a fuzzer is too much for a demo, and there is none for every machine: the file says for which
$(VENV)/fuzz: $(VENV)/ready requirements/fuzz.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/fuzz.txt
	@touch $@

clean:
	@if [ -x $(BIN)/python ] && command -v podman >/dev/null; then $(BIN)/python molecule/images/boxes.py down --all; fi
	rm -rf $(VENV) .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
