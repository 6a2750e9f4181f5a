# What each target does is in scripts/ and benchmarks/; README.md says it in words.
.PHONY: run test check bench carico prove-guasti blocca componenti documenti clean

run:
	@python3 scripts/avvia.py

test:
	@python3 scripts/prova.py

check:
	@python3 scripts/controlla.py

bench:
	@python3 scripts/misura.py

carico:
	@python3 scripts/carico.py

prove-guasti:
	@python3 scripts/guasti.py

blocca:
	@python3 scripts/blocca.py

componenti:
	@python3 scripts/componenti.py

documenti:
	@python3 scripts/documenta.py

clean:
	@rm -rf .venv .venv-verapdf .pagine var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
