# 青春兴晋：make 列出可用的命令
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
.DEFAULT_GOAL := help
.PHONY: help run install reload doctor dev test lint check bench measure corpus cluster drill fuzz lock clean

help: ## 列出可用的命令
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/done: requirements.txt
	@PYTHON="$(PYTHON)" bash qingchun/install.sh python

node_modules/done: package-lock.json .venv/done
	@PYTHON="$(PYTHON)" bash qingchun/install.sh node

run: node_modules/done ## 启动门户（PORT=8123 make run 换端口）
	@exec $(BIN)/python -m qingchun.run

install: node_modules/done ## 安装组件，不启动

reload: ## 换上新代码，网页一次也不停（门户正在运行时）
	@$(BIN)/python -m qingchun.reloading

doctor: ## 看一遍这台机器能不能用，每行是好的，或者说怎么办
	@$(MANAGE) doctor

dev: node_modules/done ## 启动门户，改代码后自动重载
	@exec $(BIN)/python -m qingchun.run --dev

test: node_modules/done ## 运行全部测试
	@command -v chromium >/dev/null || echo "没有找到 Chromium，浏览器测试不运行。安装：apt-get install chromium fonts-noto-cjk"
	@$(BIN)/python -m qingchun.embedded --throwaway tests/run $(ARGS)

lint: .venv/done ## 检查代码、类型、模板和分层（提交前）
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/djlint --lint --quiet templates
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy

check: lint node_modules/done ## 再检查迁移（旧代码能不能用）和部署设置（CI）
	@$(BIN)/python -m qingchun.embedded --throwaway $(MANAGE) makemigrations --check --dry-run
	@key=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') && DOTENV= DEBUG=0 HTTPS=1 \
	DATABASE_URL=postgresql://qingchun@/qingchun REDIS_URL=redis://127.0.0.1:1 SECRET_KEY=$$key INDEX_KEY=$$key WALL_KEY=$$key \
	SITE_URL=https://example.org ALLOWED_HOSTS=example.org SMS_BACK_END=none $(MANAGE) check --deploy --fail-level WARNING
	@$(BIN)/python -m qingchun.embedded --throwaway $(BIN)/python -m tests.rolling

bench: node_modules/done ## 测速（每行：名称 数值 单位 参照值 倍数 目标；SIZE=0.02 建小的，AGAINST=提交 和它比）
	@$(BIN)/python -m qingchun.embedded --throwaway $(BIN)/python -m tests.bench

measure: node_modules/done ## 在浏览器里把十项各登记几遍，量出用时，写进演示数据
	@MEASURE=1 $(BIN)/python -m qingchun.embedded --throwaway tests/run tests/browser/test_effort.py

cluster: node_modules/done ## 在本机起几台机器的门户，逐个停掉，看丢没丢（约 5 分钟）
	@$(BIN)/python -m tests.cluster

corpus: .venv/done ## 写出测试用的各种表格和各自应当怎样（var/corpus），打开看看
	@$(BIN)/python -m tests.talent.corpus var/corpus && ls var/corpus | wc -l

drill: node_modules/done ## 演练：边写边备份，毁掉，恢复，逐项核对（打印分钟和行数）
	@$(BIN)/python -m tests.drill

.venv-fuzz/done: requirements-fuzz.txt .venv/done
	@echo "安装模糊测试组件…"; $(PYTHON) -m venv --clear .venv-fuzz
	@$(BIN)/uv pip sync --system-certs --quiet --require-hashes --python .venv-fuzz/bin/python requirements-fuzz.txt
	@touch $@

fuzz: node_modules/done .venv-fuzz/done ## 用乱写的内容试遍每个网址和表单（约 20 分钟，不在 CI 里）
	@$(BIN)/python -m qingchun.embedded --throwaway $(BIN)/python -m tests.fuzz $(ARGS)

lock: .venv/done ## 按 pyproject.toml 重新锁定 requirements.txt 和 requirements-fuzz.txt
	@$(BIN)/uv pip compile --universal --system-certs --quiet --generate-hashes --no-header --no-emit-index-url --group dev pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --universal --system-certs --quiet --generate-hashes --no-header --no-emit-index-url --group fuzz -o requirements-fuzz.txt

clean: ## 删去构建出来的东西（数据留下）
	rm -rf .venv .venv-fuzz node_modules var/static
