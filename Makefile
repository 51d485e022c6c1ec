# `make demo` and `make test` do everything from nothing; the other targets are for everyday work.
RUN := .venv/bin/python -m
# One worker a processor and one more, each with a database of its own; a file's tests stay together, for what they
# share, and are begun in the order of tests/conftest.py. What takes long is printed, to be made quicker.
TEST := $(RUN) pytest --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder \
	--durations 30 --durations-min 5

# Where it is set, each of the thousand processes of the tests would compile the whole program again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-long test-ha cluster attack check format messages drawings constraints lock sbom deb first-sms test-recovery clean
help:
	@echo "make demo         the demo office with its phone simulator on http://127.0.0.1:8000"
	@echo "make test         everything CI checks: lint, types, the rooms' borders, migrations, tests on both databases"
	@echo "make test-long    the same with the days of 500 messages and the drills whole (test has them in a short form)"
	@echo "make attack       ten minutes of floods, guesses, idle listeners and slow bodies; prints how citizens fare"
	@echo "make cluster      the highly available set-up of docs/ha.md on the loopback, to look at and to break"
	@echo "make test-ha      all drills of docs/ha.md, five times each, with their table (20 minutes; HA_ROUNDS=1)"
	@echo "make check        the same without the tests (seconds); needs no root"
	@echo "make format       put the code in its form"
	@echo "make messages     bring the pages' translations up to date with their texts"
	@echo "make drawings     bring the drawings of the documents up to date with the code"
	@echo "make constraints  renew constraints.txt with the newest versions allowed by pyproject.toml"
	@echo "make lock         renew requirements/, the locks with hashes of what is installed in production"
	@echo "make sbom         write dist/sbom.cdx.json (CycloneDX) and dist/licences.txt of what is installed in production"
	@echo "make deb          build the Debian package in dist/, with everything it needs (DEB='--debian 13' for another)"
	@echo "make first-sms    from a bare Debian to the first answered SMS, by README.md alone (as root; minutes);"
	@echo "                  FIRST_SMS='--booted' under that Debian's own systemd, and what follows in a year"
	@echo "make test-recovery  a recovery to a point in time with pgBackRest (as root; minutes), docs/operations.md;"
	@echo "                  RECOVERY=--cluster under Patroni, docs/ha.md"
	@echo "make clean        remove what was built (not var/, where the demo office lives)"

demo:
	@scripts/demo

test:
	@scripts/setup test
	@$(MAKE) --no-print-directory check
	$(TEST)
	scripts/with-postgres $(TEST) -m "both_databases or postgresql"

test-long:
	@scripts/setup test
	@$(MAKE) --no-print-directory check
	$(TEST) --long
	scripts/with-postgres $(TEST) --long -m "both_databases or postgresql"

attack:
	@scripts/setup test
	ATTACK_SECONDS=600 scripts/with-postgres $(RUN) pytest -s -m postgresql tests/attack

cluster:
	@scripts/setup cluster
	@.venv/bin/python scripts/cluster

HA_ROUNDS ?= 5
HA_DRILLS ?=
test-ha:
	@scripts/setup cluster
	HA_ROUNDS=$(HA_ROUNDS) HA_DRILLS='$(HA_DRILLS)' scripts/with-postgres $(RUN) pytest -s --long -m postgresql tests/cluster

check:
	@scripts/setup check
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	.venv/bin/python .venv/bin/lint-imports
	$(RUN) reuse lint --quiet
	DJANGO_SETTINGS_MODULE=prepazka.settings $(RUN) django makemigrations --check --dry-run

format:
	@scripts/setup check
	$(RUN) ruff check --fix
	$(RUN) ruff format

messages:
	@scripts/setup check
	@.venv/bin/python scripts/messages

drawings:
	@scripts/setup check
	@.venv/bin/python scripts/drawings

constraints:
	@scripts/setup test
	$(RUN) pip install --upgrade --upgrade-strategy eager --editable '.[test]'
	$(RUN) pip freeze --exclude-editable > constraints.txt
	.venv/bin/python scripts/lock --upgrade

lock:
	@scripts/setup test
	.venv/bin/python scripts/lock

sbom:
	@scripts/setup test
	.venv/bin/python scripts/bill-of-materials

deb:
	@scripts/setup demo
	.venv/bin/python scripts/deb $(DEB)

first-sms:
	@scripts/setup demo
	.venv/bin/python scripts/first-sms $(FIRST_SMS)

test-recovery:
	@scripts/setup cluster
	.venv/bin/python scripts/recovery-drill $(RECOVERY)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist tests/gateways/smpp/node_modules
	find src tests -name __pycache__ -type d -exec rm -rf {} +
