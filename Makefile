# Two commands do everything on a fresh machine with git, make and Python 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# the demo has an environment of its own, without what tests and linters need
DEMO := .venv-demo
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-compile
SECONDS ?= 60
FLIPS ?= 10000
# where Ansible looks for collections beside its own code; the checkout is the collection iot_https.fleet
COLLECTIONS := python -c 'import sysconfig; print(sysconfig.get_path("purelib") + "/ansible_collections")'

.PHONY: demo quick unit test soak fuzz lint install-test box-versions real molecule ansible-versions bench bench-simulated bench-hostile collection locks audit licenses sbom release help generated picture clean

.DEFAULT_GOAL := help
# `make help` prints the headings (##@) and what stands behind ## in the line of each target

##@ To see it at work
demo: $(DEMO)/ready ## check, repair, reboot and check a simulated fleet (no root, no network)
	@$(DEMO)/bin/python -m iotbox_simulator

##@ Loops, from the shortest to the longest
quick: ## after each edit: lint of changed files, import contracts, pure tests
unit: ## before each commit, minutes: every test that needs neither root nor network
test: $(VENV)/fuzz ## before each push, and in CI: everything; lists what cannot run here
	@$(BIN)/python tools/run_tests.py
soak: $(VENV)/ready ## after changes to writing files: FLIPS=10000 races, then the long tests
	@$(BIN)/python fuzz/race.py --flips $(FLIPS)
	@$(BIN)/pytest -q -n auto --soak tests
fuzz: $(VENV)/fuzz ## after changes to a parser: hostile input, SECONDS=60 each (Linux on x86-64)
	@$(BIN)/python fuzz/run.py --seconds $(SECONDS)

##@ Parts of make test, beside make unit
lint: ## style, types, import contracts, YAML, Ansible, shell
install-test: ## every way of docs/install.md: installed, updated, removed
box-versions: ## what runs on a box, with the versions of cryptography that boxes have
real: ## tests on real boxes: systemd machines in containers (root)
molecule: ## the role on the same machines, over SSH (root)
ansible-versions: ## inventory, role and collection under each ansible-core, ansible-test (root)
quick lint unit install-test box-versions real molecule ansible-versions: $(VENV)/fuzz
	@$(BIN)/python tools/run_tests.py $@

##@ What it costs
bench: $(VENV)/ready ## what a check of real boxes costs, beside other tools (root)
	@$(BIN)/python bench/ssh_check.py
bench-simulated: $(VENV)/ready ## what the engine costs for each of a thousand boxes in memory
	@$(BIN)/python bench/simulated_fleet.py
bench-hostile: $(VENV)/ready ## how much longer healthy boxes take beside hostile ones
	@$(BIN)/python bench/hostile_boxes.py

##@ To hand on, and what it is made from (network)
collection: $(VENV)/ready ## build dist/iot_https-fleet-VERSION.tar.gz for ansible-galaxy
	@$(BIN)/python tools/collection/build.py
locks: $(VENV)/ready ## renew requirements/*.txt to the newest versions that are allowed
	@$(BIN)/python -m tools.lock
audit: $(VENV)/ready ## ask whether a pinned package has a known weakness; fails if it cannot
	@$(BIN)/python -m tools.audit
licenses: $(VENV)/ready ## print the licences of what a user installs; fails if one is not allowed
	@$(BIN)/python -m tools.licenses
sbom: $(VENV)/ready ## write dist/iot-https.cdx.json, the CycloneDX bill of what a user installs
	@mkdir -p dist && $(BIN)/python -m tools.sbom dist/iot-https.cdx.json && echo dist/iot-https.cdx.json
release: $(VENV)/ready ## VERSION=1.2.3 [CHECK=--check]: from a clean main to files, commit and tag
	@test -n "$(VERSION)" || { echo "Say which version: make release VERSION=1.2.3, first with CHECK=--check"; exit 1; }
	@$(BIN)/python -m tools.release $(VERSION) $(CHECK)

##@ Housekeeping
help: ## print this list; make alone does the same
	@awk 'sub(/^##@ /, "") { print (n++ ? "\n" : "") $$0 } \
	  match($$0, /^[a-z-]+:.*## /) { name = $$0; sub(/:.*/, "", name); printf "  make %-16s %s\n", name, substr($$0, RLENGTH + 1) }' $(MAKEFILE_LIST)
# names first: whatever else is generated imports them
generated: $(VENV)/ready ## write what is generated: names, pages, variables, schema, man page
	@for each in tools/generate_names.py tools/generate_*.py; do $(BIN)/python $$each || exit; done
picture: $(VENV)/ready ## draw docs/report.svg, the picture in the README
	@$(BIN)/python tools/draw_report.py
clean: ## remove what these targets made, dist and test boxes too; fuzz/findings stays
	@if [ -x $(BIN)/python ] && command -v podman >/dev/null; then $(BIN)/python molecule/images/boxes.py down --all; fi
	rm -rf $(VENV) .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .ansible .coverage
	rm -rf dist build *.egg-info changelogs/.plugin-cache.yaml
	find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# $(call environment,FOLDER,LOCKS) makes one with what the locks list; what is compiled is what is imported, when it is
define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": make PYTHON=/path/to/python3.11 ...")'
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Python has no venv module: apt-get install python3-venv"; exit 1; }
	@test -w . || { echo "You cannot write here: clone the repository, or install from it as docs/install.md has it"; exit 1; }
	@test ! -L $(1) || { echo "$(1) is a link, and installing anew would empty what it leads to: remove the link"; exit 1; }
	@echo "Installing into $(1) (once): $(PYTHON) -m venv, then $(2) from PyPI"
	@$(PYTHON) -m venv --clear $(1)
	@$(1)/bin/python $(PIP_INSTALL) --require-hashes $(2:%=--requirement %)
	@touch $@
endef

# $(call in_place,FOLDER): the command and the collection are those of this checkout
define in_place
	@$(1)/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@mkdir -p "$$($(1)/bin/$(COLLECTIONS))/iot_https" && ln -sfn "$(CURDIR)" "$$($(1)/bin/$(COLLECTIONS))/iot_https/fleet"
	@touch $@
endef

$(DEMO)/packages: requirements/user.txt requirements/build.txt
	$(call environment,$(DEMO),$^)

$(VENV)/packages: requirements/ci.txt requirements/build.txt
	$(call environment,$(VENV),$^)

# a contract or a setting of a linter in pyproject.toml needs no package anew
$(DEMO)/ready: $(DEMO)/packages pyproject.toml
	$(call in_place,$(DEMO))
$(VENV)/ready: $(VENV)/packages pyproject.toml
	$(call in_place,$(VENV))

# a fuzzer is too much for a demo, and there is none for every machine: the file says for which
$(VENV)/fuzz: $(VENV)/ready requirements/fuzz.txt
	@$(BIN)/python $(PIP_INSTALL) --require-hashes --requirement requirements/fuzz.txt
	@touch $@
