# Two commands do everything on a fresh machine: `make scenarios` and `make test`.
# They need git, make, Node >= 20 with npm, Python 3.10 to 3.13 with venv, Java >= 17 and Maven.

.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help scenarios matrix test lint types unit integration format bench up up-docker down doctor clean

# The project brings its own Node 24.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# Where the servers come from: docker, native, or auto.
STACK ?= auto
NAETMUL := node harness/cli/naetmul.js
INSTALLED := node_modules/.installed

help:
	@echo 'make scenarios [FILTER=text] [STACK=docker|native]'
	@echo '                              boot the bench and run the stories'
	@echo 'make matrix [FILTER=text]     run the stories on every bench that this machine can start'
	@echo 'make test                     lint, types, unit tests, integration tests, scenarios'
	@echo 'make up                       boot the bench and stay, until Ctrl-C'
	@echo 'make up-docker                the same, with the servers in containers that stay for the next time'
	@echo 'make bench                    measure, against named rivals'
	@echo 'make doctor                   what is here, what is missing, how to get it'

scenarios: $(INSTALLED)
	@$(NAETMUL) scenarios --stack $(STACK) $(FILTER)

matrix: $(INSTALLED)
	@$(NAETMUL) matrix $(FILTER)

test: lint types unit integration scenarios

lint: $(INSTALLED)
	@biome check --error-on-warnings .

types: $(INSTALLED)
	@tsc --noEmit
	@tsc --noEmit --project services/page-kit/page
	@tsc --noEmit --project services/gas-detector/web/page
	@tsc --noEmit --project services/app-analytics/web/page

unit: $(INSTALLED)
	@vitest run --project unit

integration: $(INSTALLED)
	@$(NAETMUL) setup --stack native --engine kinesis=localstack
	@vitest run --project integration

format: $(INSTALLED)
	@biome check --write .

bench: $(INSTALLED)
	@node bench/main.ts

up: $(INSTALLED)
	@$(NAETMUL) up --stack $(STACK)

up-docker: $(INSTALLED)
	@$(NAETMUL) up --stack docker --reuse

down: $(INSTALLED)
	@$(NAETMUL) down

doctor: $(INSTALLED)
	@$(NAETMUL) doctor

clean:
	rm -rf node_modules reports .vitest

$(INSTALLED): package.json package-lock.json
	@echo 'Installing the npm packages of package-lock.json…'
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@
