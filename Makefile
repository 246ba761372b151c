.PHONY: run test check bench lock faults texts manifests playground
PY := .venv/bin/python
PYTHON ?= python3

# Many processes are started by the tests: what one has compiled, the next one need not, whatever is usual here.
test check faults: export PYTHONDONTWRITEBYTECODE :=

run: .venv/run ; @$(PY) -m desk

test: .venv/dev ; $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: .venv/dev ; $(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy && $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

bench: .venv/dev ; $(PY) -m benchmarks

faults: .venv/dev ; RAPPORT_FAULT_ROUNDS=10 $(PY) -m pytest tests/faults

texts: .venv/dev ; $(PY) -m bot.commands.catalogue

manifests: .venv/run ; $(PY) -m bot manifest slack --url https://rapport.example.com --out manifests/slack.json && $(PY) -m bot manifest slack --socket --out manifests/slack-socket.json && $(PY) -m bot manifest teams --url https://rapport.example.com --app-id 00000000-0000-0000-0000-000000000000 --out manifests/teams

playground: .local/playground/installed

.local/playground/installed: tests/playground/package.json tests/playground/package-lock.json ; mkdir -p $(@D) && cp $^ $(@D) && npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund && touch $@

lock: .venv/dev ; $(PY) -m uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock && $(PY) -m uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.lock

.venv/run: requirements.lock ; $(PYTHON) -m venv .venv && $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && touch $@

.venv/dev: requirements-dev.lock pyproject.toml ; $(PYTHON) -m venv .venv && $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock && $(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . && touch $@ .venv/run
