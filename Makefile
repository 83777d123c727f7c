# Two commands on a fresh machine with Python 3.11 to 3.13, make and git: `make demo` and `make test`.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
# Where `make package-check` installs the wheel: make package-check PYTHONS="python3.11 python3.13"
PYTHONS ?= $(PYTHON)
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
# The home that Dagster is started on: make dev KURASI_HOME=demo
KURASI_HOME ?= home
# What `make faults` draws from, and how much: make faults SEED=2 KILLS=100 CUTS=20 CORPORA="FOLDER …"
SEED ?= 1
KILLS ?= 1000
CUTS ?= 200
CORPORA ?=
# How many observations `make spark-check` compares beside the demo's; none: make spark-check SIZE=
SIZE ?= 1000000
# How long property tests explore at random: make fuzz MINUTES=60
MINUTES ?= 10

.DEFAULT_GOAL := help
.PHONY: help install demo demo-months dev docs dictionary test fuzz faults bench guidance fair campaigns risk postgres-check superset-check spark-check pictures lint lint-sql hooks format lock wheel package-check clean

help:  ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

install: $(VENV)/.installed  ## Make the virtual environment from requirements.lock

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "Kurasi needs Python 3.11 to 3.13; say where it is: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Installing into $(VENV) (about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install  ## Rank three sample months of 41 offices, from exports to a corrected edition
	@test -d $(DEMO)/published/2025-08 || $(MAKE) --no-print-directory demo-months
	@echo "== July, revised: what the corrected list of accounts changed"
	@$(BIN)/kurasi --home $(DEMO) diff 2025-07-final-1 2025-07-revised-2
	@echo "== August, final: who was most popular, and how sure that is"
	@$(BIN)/kurasi --home $(DEMO) rank --month 2025-08 --category popular
	@echo "Next: $(BIN)/kurasi --home $(DEMO) explain --month 2025-08 --office kanwil-bali --category popular"

demo-months: install
	@test -d $(DEMO)/inbox || $(BIN)/python -m ingest.sample $(DEMO)
	@$(BIN)/kurasi --home $(DEMO) init >/dev/null
	@echo "== The offices' exports from July to September"
	@$(BIN)/kurasi --home $(DEMO) run | sed -n 1p
	@echo "== July is complete and becomes final"
	@$(BIN)/kurasi --home $(DEMO) publish --month 2025-07 --final
	@echo "== An office misses its account: the list of official accounts lacked it"
	@$(BIN)/python -m ingest.sample $(DEMO) --correction
	@$(BIN)/kurasi --home $(DEMO) run >/dev/null
	@$(BIN)/kurasi --home $(DEMO) publish --month 2025-07 --final \
		--reason "The list of official accounts lacked one"
	@echo "== August becomes final too; September stays open, for an office is missing"
	@$(BIN)/kurasi --home $(DEMO) publish --month 2025-08 --final

dev: install  ## Start Dagster on ./home, on 127.0.0.1:3000; on the demo: make dev KURASI_HOME=demo
	@$(BIN)/kurasi --home $(KURASI_HOME) init >/dev/null
	@cd $(KURASI_HOME)/dagster && DAGSTER_HOME="$$PWD" KURASI_HOME="$(abspath $(KURASI_HOME))" \
		PYTHONWARNINGS='ignore:Function `dev_command` is superseded' \
		$(abspath $(BIN))/dagster dev --host 127.0.0.1 --workspace $(abspath workspace.yaml)

docs: install dictionary  ## Write docs-site/: the models' documentation and every column's lineage
	@$(BIN)/python -m orchestration.documentation

dictionary: install  ## Write the data dictionary in English and Indonesian
	@$(BIN)/python -m orchestration.publication.dictionary

test: install  ## Run all tests
	@$(BIN)/pytest -n 2 --dist loadgroup

fuzz: install  ## Explore at random: make fuzz [MINUTES=10]
	@$(BIN)/python -m tests.fuzz $(MINUTES)

faults: install  ## Break operations at their file calls: make faults [SEED=1] [KILLS=1000] [CUTS=200] [CORPORA="FOLDER …"]
	@$(BIN)/python -m tests.faults --seed $(SEED) --kills $(KILLS) --cuts $(CUTS) $(if $(CORPORA),--corpora $(CORPORA))

bench: install  ## Measure beside a floor and pandas: make bench [SIZES="100000 1000000 10000000"]
	@$(BIN)/python -m bench $(SIZES)

guidance: install  ## Measure whether guidance abstains and finds: make guidance [SHUFFLES=600]
	@$(BIN)/python -m bench.guidance $(SHUFFLES)

fair: install  ## Measure how fair the ranking is on sample worlds: make fair [SEEDS="1 2 3"]
	@$(BIN)/python -m bench.fair $(SEEDS)

campaigns: install  ## Measure how often a campaign's finding is right: make campaigns [VARIANTS=6000]
	@$(BIN)/python -m bench.campaigns $(VARIANTS)

risk: install  ## Measure whether audits by sampling keep their risk: make risk [WORLDS=5000]
	@$(BIN)/python -m bench.risk $(WORLDS)

postgres-check: install  ## Read from a PostgreSQL server during publications: make postgres-check [SETS=20]
	@$(BIN)/python -m bench.serving $(SETS)

superset-check: demo  ## Import the dashboard into a Superset of its own and look at it: make superset-check [PICTURE=FILE]
	@$(BIN)/python -m bench.superset $(PICTURE)

spark-check: install .venv-spark/.installed  ## Compare Spark with DuckDB (needs Java 17): make spark-check [SIZE=1000000]
	@$(BIN)/python -m bench.spark .venv-spark $(SIZE)

.venv-spark/.installed: bench/spark/requirements.txt
	@command -v java >/dev/null || { echo "Spark needs Java 17: apt-get install openjdk-17-jre-headless" >&2; exit 1; }
	@echo "Installing Spark into .venv-spark (half a gigabyte) ..."
	@$(PYTHON) -m venv .venv-spark
	@.venv-spark/bin/pip install --quiet --disable-pip-version-check --requirement bench/spark/requirements.txt
	@touch $@

pictures: demo  ## Make the READMEs' pictures anew from the demo (minutes)
	@$(BIN)/python -m bench.pictures

lint: install  ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lint-sql: install  ## Check the SQL's style (a minute; dbt compiles it for an empty home)
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && mkdir "$$home/warehouse" && \
		KURASI_HOME="$$home" DBT_TARGET_PATH="$$home/target" $(BIN)/sqlfluff lint dbt_project/models dbt_project/tests

hooks: install  ## Run the checks of CI before every commit
	@$(BIN)/pre-commit install

format: install  ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock:  ## Write requirements.lock anew from pyproject.toml (needs uv)
	@uv pip compile pyproject.toml --extra dev --extra postgres --output-file requirements.lock --quiet --universal \
		--python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url \
		--custom-compile-command "make lock"

wheel: install  ## Write a wheel that needs no checkout to dist/
	@rm -rf build dist
	@$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	@rm -rf build && ls dist/*

package-check: install  ## Install the wheel elsewhere and use it: make package-check [PYTHONS="python3.11 python3.13"]
	@$(BIN)/python -m tests.installed $(PYTHONS)

clean:  ## Remove the virtual environment, caches and the demo
	@test ! -d $(DEMO) || chmod -R u+w $(DEMO)  # what is published is sealed
	@rm -rf $(VENV) .venv-spark $(DEMO) build dist docs-site .mypy_cache .ruff_cache .pytest_cache .hypothesis dbt_project/target
