# Verbatim: `make serve` and `make test` set up all they need in .venv, with no root, from the pinned lock files.
#
#   make serve [PORT=8000] [LIBRARY=library]   search the library at http://127.0.0.1:8000
#   make test  [ARGS="-k citation"]            run the tests
#   make check                                 lint, format, types, layers, hooks, Dockerfile
#   make lock  [UPGRADE=1]                     remake the lock files from pyproject.toml
#   make docs                                  write help texts and tables of the code into the documentation
#   make image [BASE_IMAGE=…]                  build the container image
#   make clean                                 remove what was built; never a library

PORT ?= 8000
LIBRARY ?= library
WORKERS ?= 2
IMAGE ?= verbatim
BUILDER ?= $(shell command -v docker || command -v podman || echo docker)
BIN := .venv/bin

.PHONY: serve test check lock docs image clean install install-dev

serve: install
	@exec $(BIN)/verbatim serve --library "$(LIBRARY)" --host 127.0.0.1 --port $(PORT)

test: install-dev
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 VERBATIM_MODELS="$(CURDIR)/.build/models" $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope $(ARGS)

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pre-commit validate-config
	$(BIN)/hadolint Dockerfile

lock: install-dev
	$(BIN)/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 --generate-hashes \
		--no-emit-package torch --custom-compile-command "make lock" \
		pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 --generate-hashes \
		--no-emit-package torch --custom-compile-command "make lock" \
		--constraint requirements.lock --extra dev pyproject.toml --output-file requirements-dev.lock

docs: install-dev
	$(BIN)/python -m tests.documented

image:
	$(BUILDER) build --tag $(IMAGE) $(if $(BASE_IMAGE),--build-arg BASE_IMAGE=$(BASE_IMAGE)) .

install:
	@scripts/install requirements.lock

install-dev:
	@scripts/install requirements-dev.lock

clean:
	rm -rf .venv .build build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
