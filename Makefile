# Everything a newcomer needs: `make demo` and `make test`. Both install what they need into .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo demo-teams test check format bench soak lock clean
setup: .venv/installed ## .venv with the `mapkeeper` command in it

.venv/runtime: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

.venv/installed: .venv/runtime requirements-dev.txt pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: .venv/runtime ## the main job, with no account, in the browser
	$(BIN)/python -m bot.cli demo

demo-teams: .venv/runtime tests/teams_playground/node_modules ## a local Teams beside it, with no account (needs Node)
	PATH="$(CURDIR)/tests/teams_playground/node_modules/.bin:$$PATH" $(BIN)/python -m bot.cli demo --teams

tests/teams_playground/node_modules: tests/teams_playground/package-lock.json
	cd tests/teams_playground && npm ci --no-audit --no-fund --silent
	@touch $@

# Four at a time on two cores: part of a test is waiting for a browser, a database or a clock. A hundred servers are
# started, none of which has to compile the product first.
test: setup ## the whole suite, on SQLite and on a real PostgreSQL
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -n 4 --dist worksteal

check: setup ## lint, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## the measured speeds, as ratios within one run
	$(BIN)/python -m tests.bench

# Two at a time, half an hour and more.
soak: setup ## the long proofs with full numbers
	$(BIN)/pytest -m soak -n 2 --dist worksteal

lock: ## pin every dependency with its hashes (needs uv)
	uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements.txt
	uv pip compile -q pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
