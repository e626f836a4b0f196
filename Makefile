# LabAccès: the commands of everyday. `make help` lists them.
# Python and make are all it takes; PYTHON chooses another interpreter (3.11 to 3.13).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
# pytest-xdist: one process a core, which keeps the tests of a module together: they share what they start from.
WORKERS ?= auto
# Compiled tests are kept, whatever the environment says: compiling them again took six seconds a process.
PYTEST = env -u PYTHONDONTWRITEBYTECODE $(1) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
DATABASE_URL_POSTGRES ?= postgres://postgres@127.0.0.1:5432/labacces

.DEFAULT_GOAL := help
.PHONY: help install install-dev run test test-postgres test-navigateur apparence images bench lint format lock verrou clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

# What settings of .env may ask for besides: make install OPTIONS=oui. An environment that has it keeps it (OPTIONS=non).
INSTALLED := $(or $(shell cat $(VENV)/.run 2>/dev/null),requirements.txt)
RUN := $(if $(OPTIONS),requirements$(if $(filter oui,$(OPTIONS)),-options).txt,$(INSTALLED))

install: $(VENV)/.run ## Make the environment from the lock; OPTIONS=oui: with Redis, S3, Sentry, the pool
# The account of a site may not write beside its code, and would compile it at each start.
	@$(BIN)/python -m compileall -q labacces socle fiches projets participants reprise

install-dev: $(VENV)/.dev

.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { echo "Il manque Python : installez python3 (3.11 à 3.13)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "Python 3.11, 3.12 ou 3.13 est nécessaire ; $(PYTHON) est en version $$($(PYTHON) -V 2>&1). Essayez « make PYTHON=python3.12 … »." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Il manque le module venv de Python : installez le paquet python3-venv (Debian, Ubuntu)." >&2; exit 1; }

# What the lock names and nothing else: pip resolves nothing (--no-deps), so that a release published since changes
# nothing, not even through the extra of a package. What a lock no longer names goes, and `pip check` says whether it
# holds all that is needed. The environment is changed in place: a site may be running on it.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
OTHERS = $(BIN)/python -c 'import re, sys, importlib.metadata as m; name = lambda text: re.sub(r"[-_.]+", "-", text).lower(); locked = {name(line.split("==")[0]) for line in open(sys.argv[1]) if "==" in line}; print(*{name(d.name) for d in m.distributions()} - locked - {"pip", "setuptools"})'
TIDY = $(OTHERS) $(1) | xargs -r $(BIN)/python -m pip uninstall --quiet --yes --disable-pip-version-check
CHECK = $(BIN)/python -m pip check >$(VENV)/check 2>&1 || { cat $(VENV)/check >&2; exit 1; }

ifneq ($(RUN),$(INSTALLED))
.PHONY: $(VENV)/.run
endif
$(VENV)/.run: $(RUN)
	@$(MAKE) --no-print-directory python
	@$(PYTHON) -m venv $(VENV)
	@echo "Installation des bibliothèques (une minute la première fois)…"
	@$(INSTALL) -r $(RUN)
	@$(call TIDY,$(RUN))
	@$(CHECK)
	@echo $(RUN) >$@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installation des outils de test…"
	@$(INSTALL) -r requirements-dev.txt
	@$(call TIDY,requirements-dev.txt)
	@$(CHECK)
	@touch $@

.env: | $(VENV)/.run
	@umask 077; $(BIN)/python -c 'import secrets; print("# Écrit par make run ; chaque variable est expliquée dans .env.example.\nSECRET_KEY=" + secrets.token_urlsafe(50) + "\nDEBUG=oui")' > $@

# Commands that run beside the site (reminders, alerts) write links too: .env keeps the address that `make run` serves,
# unless it names another site.
.PHONY: adresse
adresse:
	@kept="$$(grep -vE '^SITE_URL=(http://(127\.0\.0\.1|0\.0\.0\.0|localhost|$(HOST)):[0-9]+/?)?$$' .env)"; \
	printf '%s\n' "$$kept" | grep -q '^SITE_URL=' || printf '%s\nSITE_URL=%s\n' "$$kept" 'http://$(HOST):$(PORT)' >.env

# Asked first: to prepare the site takes a minute, and .env keeps its port.
.PHONY: port
port: python
	@[ "$(PORT)" -gt 0 ] 2>/dev/null && [ "$(PORT)" -lt 65536 ] || { echo "« $(PORT) » n’est pas un numéro de port : relancez, par exemple, avec « make run PORT=8055 »." >&2; exit 1; }
	@$(PYTHON) -c 'import socket, sys; sys.exit(socket.socket().connect_ex(("$(HOST)", $(PORT))) == 0)' || { echo "Le port $(PORT) est déjà pris : relancez avec « make run PORT=8055 »." >&2; exit 1; }

run: port $(VENV)/.run .env ## Start the site with demo data on http://127.0.0.1:8000/
	@echo "Préparation de la base et des communes de France (une demi-minute la première fois, quelques secondes ensuite)…"
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py charger_referentiels
	@$(BIN)/python manage.py charger_demo
	@$(MAKE) --no-print-directory adresse
	@echo
	@echo "LabAccès est à l’adresse http://$(HOST):$(PORT)/ (Ctrl+C pour arrêter)."
	@echo "Espace de rédaction : http://$(HOST):$(PORT)/admin/"
	@grep -qs '^EMAIL_URL=.' .env || [ -n "$$EMAIL_URL" ] || echo "Courriels : sans EMAIL_URL, chacun est un fichier dans var/courriels/ (rien n’est envoyé)."
	@echo "Pour créer un compte d’administration, dans un autre terminal : $(BIN)/python manage.py creer_administrateur"
	@echo
	@$(BIN)/python manage.py runserver $(HOST):$(PORT)

test: $(VENV)/.dev ## Run the tests on SQLite, but the long ones; no service needed
	@$(call PYTEST,-u DATABASE_URL) $(ARGS)

test-postgres: $(VENV)/.dev ## Run the same tests on PostgreSQL (DATABASE_URL_POSTGRES)
	@$(call PYTEST,DATABASE_URL="$(DATABASE_URL_POSTGRES)") $(ARGS)

test-navigateur: $(VENV)/.dev tests/navigateur/node_modules/.done ## Play journeys and check every page in Debian's chromium
	@command -v chromium >/dev/null || { echo "Il manque chromium : installez le paquet chromium (Debian, Ubuntu)." >&2; exit 1; }
	@env -u DATABASE_URL $(BIN)/python -m pytest -n $(WORKERS) tests/navigateur $(ARGS)

# html-validate, for those tests.
tests/navigateur/node_modules/.done: tests/navigateur/package-lock.json
	@command -v npm >/dev/null || { echo "Il manque npm : installez les paquets nodejs et npm (Debian, Ubuntu)." >&2; exit 1; }
	@cd tests/navigateur && npm ci --silent --no-audit --no-fund
	@touch $@

apparence: $(VENV)/.dev outils/apparence/node_modules/.done ## Draw the map and cut the face of headings again
	@$(BIN)/python outils/construire_apparence.py outils/apparence/node_modules

outils/apparence/node_modules/.done: outils/apparence/package-lock.json
	@command -v npm >/dev/null || { echo "Il manque npm : installez les paquets nodejs et npm (Debian, Ubuntu)." >&2; exit 1; }
	@cd outils/apparence && npm ci --silent --no-audit --no-fund
	@touch $@

images: $(VENV)/.dev ## Draw the icon and the pictures of shared links again, in Debian's chromium
	@$(BIN)/python outils/construire_images.py

bench: $(VENV)/.run ## Measure the site beside Datasette on the same sheets (bench/README.md)
	@$(BIN)/python -m bench.site $(ARGS)

lint: $(VENV)/.dev ## Check style, imports and templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python outils/gabarits.py --check
	@$(BIN)/djlint $(wildcard templates */templates) --lint --quiet

format: $(VENV)/.dev ## Put code and templates in their format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/python outils/gabarits.py

COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade --quiet

lock: $(VENV)/.dev ## Resolve dependencies again into the lock files
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) -o requirements.txt
	@$(COMPILE) --all-extras -o requirements-options.txt
	@$(COMPILE) --all-extras --group dev -o requirements-dev.txt

verrou: lock ## Renew the locks, then test what they name: once a month (SECURITY.md)
	@$(MAKE) --no-print-directory test || { echo "Les nouvelles versions ne passent pas les tests ; « git checkout requirements*.txt && make install-dev » rend les anciennes." >&2; exit 1; }
	@git diff --stat -- requirements*.txt

clean: ## Remove the environment and what tests leave
	@rm -rf $(VENV) tests/navigateur/node_modules outils/apparence/node_modules .pytest_cache .ruff_cache .hypothesis htmlcov .coverage
