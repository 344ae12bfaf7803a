# The product's road in commands. `make` lists them.
# Every target only calls `workplan …` or a test tool: offices without make can call those.

PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
EXTRAS ?= train,annotate,formats,serve,ray,urls,dev
PLANS ?= annotations/samples
OUT ?= out
GOLD ?= annotations/test.jsonl
DEV ?= ../shared/gold/dev.jsonl
SEEDS ?= 13
ENCODERS ?= models/encoder
FILES ?= 200
PAGE ?=
WHEELHOUSE ?= wheelhouse
PLATFORM ?=
INPUTS ?= 20000
ROUNDS ?= 20
FIRST ?= 0
SEED ?= 20
DOCCANO ?= $(or $(WORKPLAN_DOCCANO),$(HOME)/workplan-doccano)
# What `make train` wrote, the former model first: `make eval` shows before and after.
TRAINED = $(wildcard models/trained.previous models/trained)

.DEFAULT_GOAL := help
.PHONY: wheelhouse help setup extract train segmenter eval folds curve encoders twin fast bench doccano doccano-down fuzz chaos test lint clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready-run  ## make .venv with what extraction needs

$(VENV)/.ready-run: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$(EXTRAS)]'
	@touch $@ $(VENV)/.ready-run

extract: setup  ## read plans into task tables: make extract PLANS=folder OUT=folder
	$(BIN)/workplan extract $(PLANS) --out $(OUT)

train: $(VENV)/.ready-dev  ## train the tagger on annotations/ (about an hour on 2 cores)
	$(BIN)/workplan train --config configs/train.yaml

bootstrap: $(VENV)/.ready-dev  ## weak labels from the rules, runs/weak.jsonl: make bootstrap TEXTS='a.txt b.txt.xz'
	$(BIN)/workplan bootstrap $(TEXTS) --out runs/weak.jsonl

segmenter: $(VENV)/.ready-dev  ## train the word segmenter: make segmenter TEXTS='a.txt b.txt.xz'
	$(BIN)/workplan train-segmenter $(TEXTS) --out models/segmenter

eval: $(VENV)/.ready-dev  ## score the labellers on held-out plans, and on DEV where that file is
	$(BIN)/workplan eval $(GOLD) --amendments --linking --out runs/eval
	$(if $(wildcard $(DEV)),$(BIN)/workplan eval $(DEV) --labeller tagger --brief --linking)
	$(if $(TRAINED),$(BIN)/workplan eval $(GOLD) --brief $(addprefix --labeller ,tagger $(TRAINED)))
	$(BIN)/workplan compare --evaluate

folds: $(VENV)/.ready-dev  ## train and score on ten folds by plan (ten times make train; resumes)
	$(BIN)/workplan folds

curve: $(VENV)/.ready-dev  ## strict F1 by number of gold sentences, runs/curve: make curve SEEDS=13,14 WEAK=runs/weak.jsonl
	$(BIN)/workplan curve --seeds $(SEEDS) $(if $(WEAK),--weak $(WEAK))

encoders: $(VENV)/.ready-dev  ## the same fine-tuning from each encoder: make encoders ENCODERS='folder hub/model'
	$(BIN)/workplan encoders $(ENCODERS) --seeds $(SEEDS)

twin: $(VENV)/.ready-dev  ## the shipped tagger as a transformers folder, runs/twin
	$(BIN)/workplan twin

fast: $(VENV)/.ready-dev  ## distil the student of --labeller fast, models/fast: make fast TEXTS='a.txt b.txt.xz'
	test -d runs/full || $(BIN)/workplan twin models/full --out runs/full
	$(BIN)/workplan distil $(TEXTS)

bench: $(VENV)/.ready-dev  ## speed, cold start and memory on this machine: make bench FILES=2000
	$(BIN)/workplan bench --files $(FILES) --json runs/bench.json $(if $(PAGE),--trials --page $(PAGE))

$(VENV)/.ready-annotate: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[annotate]'
	@touch $@ $(VENV)/.ready-run

doccano: $(VENV)/.ready-annotate  ## start a Doccano server of our own: make doccano DOCCANO=folder
	$(BIN)/workplan annotate serve --data "$(DOCCANO)"

doccano-down: $(VENV)/.ready-annotate  ## stop it; its data stays
	$(BIN)/workplan annotate stop --data "$(DOCCANO)"

lint: $(VENV)/.ready-dev  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint  ## ruff, mypy, then all tests
	$(BIN)/python -m pytest

# A folder of wheels for an office without a network. PLATFORM=win_amd64 fetches those for Windows:
# pip then judges conditions like "only on Windows" by this machine, so such packages are named.
wheelhouse:  ## wheels for an offline install: make wheelhouse [PLATFORM=win_amd64]
	$(PYTHON) -m venv $(VENV)
	rm -rf $(WHEELHOUSE)
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir $(WHEELHOUSE) .
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --dest $(WHEELHOUSE) \
	  --only-binary=:all: $(if $(PLATFORM),--platform $(PLATFORM) --python-version 3.11) \
	  "$$(ls $(WHEELHOUSE)/workplan-*.whl)[formats,serve]" $(if $(filter win%,$(PLATFORM)),colorama tzdata)
	@echo "install: python -m pip install --no-index --find-links $(WHEELHOUSE) 'workplan[formats,serve]'"

fuzz: $(VENV)/.ready-dev  ## 20,000 damaged inputs through every reader, resumes: make fuzz FIRST=0 INPUTS=500
	$(BIN)/python tests/fuzz/fuzzing.py --first $(FIRST) --inputs $(INPUTS) --out $(OUT)/fuzz

chaos: $(VENV)/.ready-dev  ## kill runs at random moments, resume, compare: make chaos FIRST=0 ROUNDS=5
	$(BIN)/python tests/batch/chaos.py --first $(FIRST) --rounds $(ROUNDS) --seed $(SEED)

clean:  ## remove what the targets made, models and annotations stay
	rm -rf $(VENV) out runs wheelhouse .pytest_cache .mypy_cache .ruff_cache
