"""What the documents name is there: paths, links, commands, modules, and words of the code."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
# These are drawn from the code, each beside a test of its own.
DRAWN = {"docs/coverage.md", "docs/states.md", "docs/walls.md"}
PAGES = sorted(
    path
    for path in (*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md")
    if path.relative_to(ROOT).as_posix() not in DRAWN
)
# Commands of others, and addresses of pages.
ELSEWHERE = (
    ".venv", "make ", "REVERSE=", "npm ", "grep ", "pre-commit ", "/",
    "git ", "journalctl ", "openssl ", "sudo ", "systemctl ",
)  # fmt: skip
# Words of PostgreSQL, pgbouncer, Celery, xdist and pgtrigger; and how a date's name ends.
OTHERS = {
    "EXPLAIN", "eta", "loadgroup", "_nodeid", "Protect", "_on", "remote_apply", "char", "CHECKPOINT",
    "RELOAD", "RECONNECT", "pg_rewind", "keepalives_count", "keepalives_idle",
    "keepalives_interval", "tcp_user_timeout",
}  # fmt: skip
TOPS = ("qingchun", "campaigns", "talent", "services", "reports", "tests")
# Apps of the ground floor are called by their last name.
FLOORS = ("", "qingchun/", "services/", "templates/", "qingchun/notifications/")
CODE = (".py", ".html", ".js", ".css", ".toml", ".lock")
SETTINGS = ("Makefile", "run", ".env.example")
QUOTED = re.compile(r"```.*?```|`([^`\n]+)`", re.S)
PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]+)+/?|[\w*-]+\.(?:py|md|lock|toml|html|css|js|example)")
DOTTED = re.compile(r"[a-z]\w*(?:\.\w+)+")
WORD = re.compile(r"[A-Za-z_]\w{2,}", re.ASCII)


@pytest.fixture(scope="module")
def files():
    """Every file of the project, from its root."""
    found = [
        path for top in (*TOPS, "docs", "templates", "static") for path in (ROOT / top).rglob("*")
    ]
    found += ROOT.iterdir()
    return [p.relative_to(ROOT) for p in found if p.is_file() and "__pycache__" not in p.parts]


@pytest.fixture(scope="module")
def words(files):
    """Every word in the code, its templates, settings and tests, and of the files' own names."""
    names = {word for name in files for word in WORD.findall(name.as_posix())}
    texts = [ROOT / name for name in files if name.suffix in CODE or name.name in SETTINGS]
    return names.union(*(WORD.findall(path.read_text(encoding="utf-8")) for path in texts))


def quoted(page):
    """What stands between backticks in a line of text."""
    return [said for said in QUOTED.findall(page.read_text(encoding="utf-8")) if said]


def each(pages=PAGES):
    return pytest.mark.parametrize("page", pages, ids=lambda page: page.stem)


def is_there(name, page, files):
    """Whether a path names something: from the root, an app's own, or beside the page."""
    if "/" not in name:
        return any(one.match(name) for one in files)
    places = [*(ROOT / floor for floor in FLOORS), page.parent]
    return any(any(place.glob(name.rstrip("/"))) for place in places)


@each()
def test_paths_that_are_named_are_there(page, files):
    named = [said.partition("::")[0] for said in quoted(page)]
    paths = [name for name in named if PATH.fullmatch(name) and name[0] != "/"]
    assert [name for name in paths if not is_there(name, page, files)] == []


@each()
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)|(?:src)=\"([^\"]+)\"", page.read_text(encoding="utf-8"))
    local = [one or other for one, other in targets if "://" not in (one or other)]
    assert [target for target in local if not (page.parent / target).exists()] == []


@each()
def test_commands_that_are_named_are_there(page):
    text, makefile = page.read_text(encoding="utf-8"), (ROOT / "Makefile").read_text()
    targets = {f"make {name}" for name in re.findall(r"^([a-z]+):", makefile, re.M)}
    commands = {f"manage.py {name}" for name in get_commands()}
    said = re.findall(r"manage\.py [a-z_]+", text)
    assert set(said) - commands == set()
    made = re.findall(r"(?<=`)(make [a-z]+)|^(?:\w+=\S+ )*(make [a-z]+)", text, re.M)
    assert {one or other for one, other in made} - targets == set()
    for module in re.findall(r"python -m ([\w.]+)", text):
        import_module(module)


def _is_known(dotted):
    """Whether a dotted name leads through modules to something. None: it begins with none of ours."""
    parts = dotted.split(".")
    for floor in FLOORS:
        start = floor.replace("/", ".") + parts[0]
        if (ROOT / start.replace(".", "/")).is_dir():
            break
    else:
        return None
    found = import_module(start)
    for part in parts[1:]:
        try:
            found = import_module(f"{found.__name__}.{part}")
        except (ImportError, AttributeError):
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
    return True


@each()
def test_modules_and_what_is_in_them_are_there(page):
    named = {said.partition("(")[0] for said in quoted(page)}
    dotted = {name for name in named if DOTTED.fullmatch(name) and not PATH.fullmatch(name)}
    assert {name for name in dotted if _is_known(name) is False} == set()


@each()
def test_words_of_the_code_are_words_of_the_code(page, words):
    """A class, a function, a setting that was renamed is renamed in the documents too."""
    said = [one for one in quoted(page) if not one.startswith(ELSEWHERE)]
    asked = {word for one in said for word in WORD.findall(re.sub(r"[\"'“].*?[\"'”]", "", one))}
    assert asked - words - OTHERS == set()


def test_hooks_and_editors_do_what_the_makefile_does():
    """The hooks call make, so that there is one list of checks; nothing is fetched from elsewhere."""
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
    assert re.findall(r"entry: (.+)", hooks) == ["make lint", "make check"]
    assert set(re.findall(r"language: (\S+)", hooks)) == {"system"}
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    editors = (ROOT / ".editorconfig").read_text(encoding="utf-8")
    assert re.findall(r"max_line_length = (\d+)", editors) == [str(ruff["line-length"])]
