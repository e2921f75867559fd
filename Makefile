# Every target first makes or refreshes .venv (scripts/bootstrap.py), which takes no time when
# nothing changed. Another interpreter: make PYTHON=/path/to/python3.12
.DEFAULT_GOAL := help
.PHONY: help setup run test test-full app published bench checked compiled lint format lock

BIN := .venv/bin
PYTEST := $(BIN)/pytest

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name does; \
		do printf '%-16s %s\n' "$$name" "$$does"; done

setup:
	@python3 scripts/bootstrap.py

run: setup  ## the main job: both markets compared on one world, 16 times, with table and figures
	$(BIN)/sharesim compare baseline

test: checked  ## style, types, import contracts, and all tests but the slow ones
	$(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

test-full: checked  ## everything, with the long suites
	$(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder

app: setup  ## the web app
	$(BIN)/streamlit run app.py

published: setup  ## make the stored results again that the web app shows (over an hour)
	$(BIN)/python scripts/publish.py

bench: setup  ## measure speed and sizes on this machine (idle, 16 GB) and write the pages about it
	$(BIN)/sharesim bench --large --json > benchmarks/bench.json.part
	mv benchmarks/bench.json.part benchmarks/bench.json
	$(BIN)/python benchmarks/independent_cascade.py --json benchmarks/independent_cascade.json
	$(BIN)/python benchmarks/measure_costs.py
	$(BIN)/python benchmarks/finite_size.py --large
	$(BIN)/python benchmarks/write_pages.py

# Types take as long as compiling: both at once, a processor each.
checked: setup
	@$(MAKE) --no-print-directory -j 2 lint compiled

compiled: setup
	$(BIN)/python scripts/compile_kernels.py

lint: setup  ## style, types and import contracts only
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup  ## format the code and mend what can be mended
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format --quiet

lock: setup  ## remake requirements.lock from pyproject.toml (ARGS=--upgrade for newer versions)
	$(BIN)/uv pip compile pyproject.toml --output-file requirements.lock --quiet --all-extras \
		--universal --python-version 3.12 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" $(ARGS)
