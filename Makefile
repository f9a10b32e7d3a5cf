# Navette. « make » alone says what can be done.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
.PHONY: help plan serve test check fix bench lock clean

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

serve: $(VENV)/.ready ## sert Navette dans un navigateur, avec un lien pour créer le premier compte
	@$(BIN)/navette serve $(if $(PORT),--port $(PORT)) $(if $(NETWORK),--network $(NETWORK)) $(if $(OUT),--out $(OUT))

test: $(VENV)/.ready-dev ## lance tous les tests
	@$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/.ready-dev ## vérifie la forme, les types, le sens des imports et les données
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m models.network check

fix: $(VENV)/.ready-dev ## remet la forme en ordre
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.ready-dev ## mesure les vitesses (résultats : bench/results/)
	@$(BIN)/python -m bench.week

lock: $(VENV)/.ready-dev ## recalcule les versions figées de requirements*.txt
	@for set in "" "-dev"; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --custom-compile-command "make lock" --group build \
			$${set:+--group dev} pyproject.toml -o requirements$$set.txt || exit 1; done

clean: ## efface l'environnement et les caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

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
