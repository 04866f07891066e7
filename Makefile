# `make lab` and `make test` are all a reader needs; `make` alone lists the rest.

python := .venv/bin/python
notebooks = $(shell find notebooks -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*')
stray := $(addprefix metadata.language_info.,version codemirror_mode file_extension mimetype nbconvert_exporter \
	pygments_lexer) $(addprefix cell.metadata.,editable jupyter.outputs_hidden jp-MarkdownHeadingCollapsed trusted)

# Set for other work, these would slip foreign packages into the course's environment.
unexport PYTHONPATH PYTHONHOME PYTHONSAFEPATH PYTHONWARNINGS PYTHONSTARTUP UV_REQUIRE_HASHES PIP_REQUIRE_HASHES
# A console whose code page lacks a sign shows a question mark; without this Python would stop there.
export PYTHONIOENCODING ?= :replace

.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' Makefile)   # every target: none is a file

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1:/p' Makefile | while IFS=: read -r name text; do \
		printf 'make %-13s %s\n' "$$name" "$$text"; done

lab: ## the course in JupyterLab; PORT=9000 chooses the port, ARGS=--no-browser opens no browser
	@sh tools/setup.sh lab
	@exec $(python) -m cnnlib lab --port "$(PORT)" $(ARGS)

lecture: ## the course as live slides; NB=06 chooses the notebook, PORT and ARGS are those of make lab
	@sh tools/setup.sh lecture
	@exec $(python) -m cnnlib lecture --notebook "$(NB)" --port "$(PORT)" $(ARGS)

desk: ## the lecturer's sheets to print: clock, slides, questions, clicks, fallbacks, in build/desk (PDF with Chromium)
	@sh tools/setup.sh lab
	@$(python) -m cnnlib desk

book: ## all of it as a book, build/book/index.html; needs npm for MathJax, and the network the first time
	@sh tools/setup.sh book
	@$(python) -m cnnlib book $(ARGS)

test: lint ## lint and all tests that need no browser, at most 6 minutes; ARGS="-k ops" runs a few
	@$(python) -m pytest -n 2 --dist loadfile -m "not browser and not slow" $(ARGS)

test-all: test test-rest ## the same, then what is slow or needs Chromium

test-rest: chromium
	@sh tools/setup.sh all
	@$(python) -m pytest -n 2 --dist loadfile -m "browser or slow" $(ARGS)

lint:
	@sh tools/setup.sh test
	@$(python) -m ruff check .

chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit; done; \
		echo "make test-all drives Chromium, which is not on PATH. It is installed by:" >&2; \
		echo "  Debian, Ubuntu:  sudo apt install chromium" >&2; \
		echo "  Fedora:          sudo dnf install chromium" >&2; exit 1

oracle: ## every gradient against PyTorch, where one is found; PYTHON=… says which Python has it
	@for python in $(or $(PYTHON),$(python) python3); do \
		"$$python" -c 'import numpy, torch' 2>/dev/null && break; done; \
		PYTHONPATH=. exec "$$python" benchmarks/oracle.py $(ARGS)

audit: ## plant bugs in copies of cnnlib: which test kills each?; ARGS=--save keeps the table
	@sh tools/setup.sh test
	@$(python) benchmarks/audit.py $(ARGS)

lock: ## requirements/ anew from pyproject.toml (needs uv)
	@sh tools/setup.sh lab
	@$(python) tools/lock.py

digits: ## the embedded digits anew from the original files; ARGS=FOLDER says where those are
	@sh tools/setup.sh lab
	@$(python) tools/build_digits.py $(ARGS)

bench: ## one table: how fast, beside what, and which goals are reached; ARGS="--only step" is a part, --save keeps it
	@sh tools/setup.sh test
	@$(python) benchmarks/bench.py $(ARGS)

accuracy: ## train on the full data set and print the test error; ARGS="--epochs 100 --save" keeps a long curve
	@sh tools/setup.sh lab
	@$(python) benchmarks/accuracy.py $(ARGS)

bugtable: ## does it still train, and why? five seeds, half an hour; ARGS="--only why" is a part, --save keeps the tables
	@sh tools/setup.sh lab
	@$(python) benchmarks/bugtable.py $(ARGS)

stake: ## the bet of notebook 00: five pairs of nets, one of each without the turn; ARGS=--save keeps them
	@sh tools/setup.sh lab
	@$(python) benchmarks/stake.py $(ARGS)

handwriting: ## how well the modern net reads digits that were drawn large and small on the pad
	@sh tools/setup.sh lab
	@$(python) benchmarks/handwriting.py $(ARGS)

doctor: ## does the doctor name every mistake? generated layers in all conventions; ARGS=--once takes each once
	@sh tools/setup.sh test
	@$(python) benchmarks/doctor.py $(ARGS)

explorers: ## milliseconds in the kernel that a move of each explorer's controls takes
	@sh tools/setup.sh lab
	@$(python) benchmarks/explorers.py $(ARGS)

index: ## the index of statements, the questions and the glossary in docs/ anew, from their data
	@sh tools/setup.sh lab
	@$(python) tools/index.py

frames: chromium ## frames a second, pause and memory of the training panel (needs Chromium); ARGS=--save keeps them
	@sh tools/setup.sh all
	@$(python) benchmarks/panel.py $(ARGS)

gallery: chromium ## the pictures in the README anew, from the notebooks (needs Chromium); ARGS="01 12" takes these alone
	@sh tools/setup.sh all
	@$(python) tools/gallery.py $(ARGS)

film: chromium ## the silent film of ninety seconds, build/film, from the course's own pictures (needs Chromium)
	@sh tools/setup.sh all
	@$(python) tools/film.py $(ARGS)

slides: ## a hand-out deck for each notebook, in build/slides (needs npm); ARGS="04 06" builds these alone
	@sh tools/setup.sh lab
	@$(python) -m cnnlib slides $(ARGS)

walk: chromium slides ## every slide of every deck in Chromium at both sizes, both colours, with and without motion
	@sh tools/setup.sh all
	@PYTHONPATH=tests $(python) tests/deck_walk.py --all build/slides/[0-9]*.html

site: ## all of it for a web server, build/site; PYODIDE=FOLDER puts Python's packages in, ARGS="--only live" builds a part
	@sh tools/setup.sh site
	@$(python) tools/site $(if $(PYODIDE),--pyodide "$(PYODIDE)") $(ARGS)

site-check: chromium ## run all notebooks of build/site in Chromium, without any other host; ARGS="--only 00 12" runs these
	@sh tools/setup.sh all
	@$(python) tools/site/check.py $(ARGS)

test-page: ## the tests on the versions of NumPy, Matplotlib and the widgets that the page has; ARGS as pytest's
	@sh tools/setup.sh test
	@$(python) tools/page_tests.py $(ARGS)

release-check: ## build wheel and sdist, install them in a folder of their own, and use them there
	@sh tools/setup.sh test
	@$(python) tools/release_check.py $(ARGS)

strip: ## outputs, counts and stray metadata out of the notebooks, before a commit
	@sh tools/setup.sh test
	@$(python) -m nbstripout --keep-id --extra-keys "$(stray)" $(notebooks)

clean: ## remove .venv and everything else that was made
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +
