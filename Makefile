# Presumes python3 (3.11 or newer) with venv, make and git. Everything it makes lies in .venv, .cache and dist.
PYTHON ?= python3
BIN := .venv/bin
CHECKOUT := .cache/collections/ansible_collections/atlasops/network
PLAYBOOK := ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/.cache/collections" $(BIN)/ansible-playbook
NOX := $(BIN)/nox

# All sessions that check something. Three run at a time, so that the last of them does not run alone: pytest takes the
# longest, and the others follow in the order of their length.
CHECKS := pytest awx sanity compat ansible_lint docs artifact navigator lint types $(if $(TEST_ALL),clouds targets contract)
# Make before 4.0 prints lines as they come.
SYNC := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
CLOSING_LINE := grep -E '^=+ .*(passed|failed|error|no tests ran).* =+$$' .cache/pytest.log | tail -n 1

.DEFAULT_GOAL := help
.PHONY: help venv demo demo-both-sides test test-all check-pytest lint unit integration sanity docs pictures build release ee test-ee test-clouds test-contract coverage mutants bench clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: .venv/tools $(CHECKOUT) ## make the virtual environment with all tools

demo: .venv/runtime $(CHECKOUT) ## peer, wait and clean up against a local Atlas simulator
	$(PLAYBOOK) atlasops.network.demo

demo-both-sides: .venv/nox $(CHECKOUT) ## the same with both sides of AWS and GCP, against simulated clouds
	$(NOX) -s demo_both_sides

test: venv ## run every check, three at a time; pytest's closing line comes last
	@status=0; $(MAKE) --no-print-directory --keep-going --jobs=3 $(SYNC) $(CHECKS:%=check-%) || status=$$?; \
	$(CLOSING_LINE); exit $$status

test-all: ## run every check with the slow tests, and more random examples
	@TEST_ALL=1 $(MAKE) --no-print-directory test

check-pytest:
	@$(NOX) -s pytest > .cache/pytest.log 2>&1; status=$$?; cat .cache/pytest.log; exit $$status

check-%:
	@$(NOX) -s $*

lint: venv ## check style, types and playbooks
	$(NOX) -s lint types ansible_lint

unit: venv ## run the unit tests
	$(NOX) -s pytest -- tests/unit tests/repository

integration: venv ## run the integration tests
	$(NOX) -s pytest -- tests/integration

sanity: venv ## run ansible-test sanity
	$(NOX) -s sanity

docs: venv ## check the documentation and build it as a site
	$(NOX) -s docs

pictures: venv ## draw the pictures of the documentation anew, from real runs
	$(BIN)/python tests/pictures

build: venv ## build the artifact, look into it and try it out
	$(NOX) -s artifact
	@ls $(CURDIR)/dist/*.tar.gz

release: venv ## check that this is a release, and build it; tags and publishes nothing
	TEST_ALL=1 $(NOX) -s sanity
	$(NOX) -s release importer
	@ls $(CURDIR)/dist/*.tar.gz

ee: venv ## build an execution environment with podman (CLOUDS="amazon.aws ..." adds collections)
	$(NOX) -s ee

test-ee: venv ## build it, and run the demo, the inventory and the documentation inside
	$(NOX) -s ee test_ee

test-clouds: venv ## act on both sides, through the clouds' own modules and against simulated clouds
	$(NOX) -s clouds

test-contract: venv ## send requests made up from MongoDB's OpenAPI file, which ATLAS_OPENAPI names, to the simulator
	$(NOX) -s contract

coverage: venv ## measure which lines and branches the unit and integration tests reach
	$(NOX) -s coverage

mutants: venv ## change the code a little, thousands of times, and name changes that no test notices
	$(NOX) -s mutants

bench: venv ## measure time, memory and requests, which takes most of an hour
	$(NOX) -s bench -- --results tests/benchmarks/results

clean: ## remove everything that make has made
	rm -rf .venv .cache dist

# The demo needs a fraction of the tools: a newcomer should not wait for the rest.
.venv/runtime: requirements.txt tests/requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -qq --requirement requirements.txt --constraint tests/requirements.txt ansible-core
	@touch $@

.venv/nox: .venv/runtime
	$(BIN)/pip install -qq nox --constraint tests/requirements.txt
	@touch $@

.venv/tools: .venv/runtime
	$(BIN)/pip install -qq --requirement tests/requirements.txt
	@touch $@

# Ansible finds a collection by its path only, so the checkout appears at such a path too.
$(CHECKOUT):
	@mkdir -p $(@D)
	@ln -sfn ../../../.. $@
