"""An install that was cut mends itself, and what pip and npm say is followed by what to do."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A python that makes folders and takes notes; what fails is told by files beside it.
PYTHON = """#!/bin/bash
here={here}
echo "$@" >> $here/calls
case "$*" in
  *version_info*) [ ! -e $here/old ] ;;
  *ensurepip*) [ ! -e $here/no-venv ] ;;
  "-m venv"*) mkdir -p "$3/bin" && cp $here/python3 "$3/bin/python" ;;
  "-m pip --version") [ ! -e $here/no-pip ] ;;
  "-m pip install"*nodejs*) mkdir -p .venv/node/bin && cp $here/npm .venv/node/bin/ ;;
  "-m pip install"*) cp $here/uv .venv/bin/uv ;;
esac
"""
TOOL = """#!/bin/bash
echo "{name} $*" >> {here}/calls
if [ -e {here}/{name}-says ]; then cat {here}/{name}-says >&2; exit 1; fi
{does}
"""


class Fake:
    """A folder with the Makefile and the script, and tools that do nothing but fail when told."""

    def __init__(self, path):
        self.tools, self.folder = path / "tools", path / "团 委"
        (self.folder / "qingchun").mkdir(parents=True)
        self.tools.mkdir()
        shutil.copy(ROOT / "Makefile", self.folder)
        shutil.copy(ROOT / "qingchun/install.sh", self.folder / "qingchun")
        for name in ("requirements.txt", "package-lock.json"):
            (self.folder / name).touch()
        self.tool("python3", PYTHON.format(here=self.tools))
        self.tool("uv", TOOL.format(here=self.tools, name="uv", does=""))
        self.tool("npm", TOOL.format(here=self.tools, name="npm", does="mkdir -p node_modules"))

    def tool(self, name, text):
        (self.tools / name).write_text(text)
        (self.tools / name).chmod(0o755)

    def says(self, name, text=""):
        (self.tools / name).write_text(text)

    def forget(self, name):
        (self.tools / name).unlink()

    def make(self, **environment):
        found = {"PATH": f"{self.tools}:/usr/bin:/bin", "PYTHON": "python3"}
        done = subprocess.run(
            ["make", "--no-print-directory", "install"], cwd=self.folder, env=found | environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def calls(self):
        path = self.tools / "calls"
        found = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return found


@pytest.fixture
def fake(tmp_path):
    return Fake(tmp_path)


def test_install_runs_once_and_tells_how_much_it_takes(fake):
    code, said = fake.make()
    assert code == 0, said
    assert "占 1 GB" in said
    assert any(call.startswith("uv pip sync") for call in fake.calls())
    assert fake.make()[0] == 0
    assert fake.calls() == []


def test_python_without_venv_is_named_and_after_it_was_installed_all_goes_well(fake):
    """Every later start ended with: No module named pip."""
    fake.says("no-venv")
    code, said = fake.make()
    assert (code, "Python 缺少 venv：请安装（Debian：apt-get install python3-venv）" in said) == (
        2,
        True,
    )
    assert not (fake.folder / ".venv").exists()
    fake.forget("no-venv")
    # What an older version left: an interpreter, and no pip.
    (fake.folder / ".venv/bin").mkdir(parents=True)
    (fake.folder / ".venv/bin/python").symlink_to("/bin/false")
    code, said = fake.make()
    assert code == 0, said


def test_first_install_that_was_cut_begins_anew(fake):
    fake.says("uv-says", "killed")
    assert fake.make()[0] == 2
    (fake.folder / ".venv/half").touch()
    fake.forget("uv-says")
    assert fake.make()[0] == 0
    assert not (fake.folder / ".venv/half").exists()


def test_upgrade_that_was_cut_is_put_right_where_a_portal_may_run_from_it(fake):
    assert fake.make()[0] == 0
    (fake.folder / "requirements.txt").write_text("new")
    os.utime(fake.folder / "requirements.txt", (2**31, 2**31))
    fake.says("uv-says", "killed")
    assert fake.make()[0] == 2
    assert not (fake.folder / ".venv/done").exists()
    (fake.folder / ".venv/half").touch()
    fake.forget("uv-says")
    os.utime(fake.folder / "requirements.txt", (0, 0))
    assert fake.make()[0] == 0
    assert (fake.folder / ".venv/half").exists()
    assert (fake.folder / ".venv/done").exists()


SAID = [
    ("error: Failed to fetch: operation timed out", "连不上软件源。请先核对网络；要经过代理的：export HTTPS_PROXY="),
    ("Could not connect to proxy", "export PIP_INDEX_URL=https://镜像/simple npm_config_registry="),
    ("npm error code ENOTFOUND", "连不上软件源"),
    ("OSError: [Errno 28] No space left on device", "磁盘满了：安装共要 1 GB，请腾出地方，再执行一次。"),
    ("npm error code ENOSPC", "磁盘满了"),
    ("Hash mismatch for x==1", "下载的文件和锁定的不一样，多半是镜像旧了"),
    ("npm error code EINTEGRITY", "下载的文件和锁定的不一样"),
    ("invalid peer certificate: UnknownIssuer", "证书不对，多半是单位的网关换了证书"),
    ("something of its own", "没有装好，上面是最后几行，全部在 var/install.log"),
]  # fmt: skip


@pytest.mark.parametrize("tool", ["uv", "npm"])
@pytest.mark.parametrize(("words", "sentence"), SAID)
def test_what_failed_is_shown_and_what_to_do(fake, tool, words, sentence):
    fake.says(f"{tool}-says", words)
    code, said = fake.make()
    assert code == 2
    assert words in said
    assert sentence in said
    fake.forget(f"{tool}-says")
    assert fake.make()[0] == 0


def test_disk_with_too_little_room_is_told_before(fake):
    fake.tool("df", "#!/bin/bash\necho x\necho '/dev/x 9 9 400000 9% /'\n")
    code, said = fake.make()
    assert (code, "安装共要 1 GB，这里只剩 390 MB：请先腾出地方。" in said) == (2, True)
    assert not any("pip install" in call for call in fake.calls())


def test_mirror_of_pip_is_uv_s_as_well(fake):
    fake.tool("uv", f"#!/bin/bash\necho mirror $UV_DEFAULT_INDEX >> {fake.tools}/calls\n")
    assert fake.make(PIP_INDEX_URL="https://mirror.example.org/simple")[0] == 0
    assert "mirror https://mirror.example.org/simple" in fake.calls()


def test_python_that_is_too_old_is_named(fake):
    fake.says("old")
    assert "需要 Python 3.11 以上。" in fake.make()[1]
    assert "没有找到 python9" in fake.make(PYTHON="python9")[1]
