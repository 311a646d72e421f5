"""What somebody sets up is read as it was meant, or the start stops and says what to do.

A setting that is absent never means "demo", "open" or "unlocked".
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qingchun import deployment, env

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("qingchun", "campaigns", "talent", "services", "reports", "manage.py")


@pytest.fixture
def said(tmp_path):
    """``said(dotenv, "SITE_URL")``: what the settings of a portal with that ``.env`` hold."""
    shutil.copytree(
        ROOT / "qingchun", tmp_path / "qingchun", ignore=shutil.ignore_patterns("__pycache__")
    )

    def ask(dotenv, *names, **environment):
        written = dotenv.encode() if isinstance(dotenv, str) else dotenv
        (tmp_path / ".env").write_bytes(written)
        kept = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "qingchun.settings"}
        code = f"from qingchun import settings as s; print(*[getattr(s, n) for n in {names}])"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=kept | environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return (done.stdout or done.stderr).strip().splitlines()[-1].rpartition("red: ")[2]

    return ask


@pytest.fixture
def set_up(monkeypatch):
    """``set_up(SITE_URL="…")``: the environment holds this and nothing else that we read."""

    def do(**values):
        for name in env.NAMES:
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(f"{name}_FILE", raising=False)
        for name, value in ({"DOTENV": ""} | values).items():
            monkeypatch.setenv(name, value)

    monkeypatch.setattr(env, "_dotenv", dict)
    return do


SERVICE = """\
DATABASE_URL=postgresql://q@h/q
REDIS_URL=redis://h
SECRET_KEY=s3-0123456789012345678901234567890123456789
INDEX_KEY=i3-0123456789012345678901234567890123456789
WALL_KEY=w3-0123456789012345678901234567890123456789
SITE_URL=https://qc.example.org
ALLOWED_HOSTS=qc.example.org
SMS_BACK_END=none
"""


COMPLETE = dict(line.split("=", 1) for line in SERVICE.splitlines())


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("HELP_CONTACT=团委", "团委"),
        ("export HELP_CONTACT=团委", "团委"),
        ("  HELP_CONTACT = 团委  ", "团委"),
        ("HELP_CONTACT=团委 # 值班室", "团委"),
        ("HELP_CONTACT=团委\t# 值班室", "团委"),
        ("HELP_CONTACT=a#b", "a#b"),
        ('HELP_CONTACT="a # b"', "a # b"),
        ("HELP_CONTACT='a # b' # 值班室", "a # b"),
        ("HELP_CONTACT='${PATH} \\n'", "${PATH} \\n"),
        ("HELP_CONTACT=青春 <a@b>", "青春 <a@b>"),
        ("HELP_CONTACT=a=b", "a=b"),
        ("# HELP_CONTACT=甲\n\nHELP_CONTACT=乙", "乙"),
        ("HELP_CONTACT=团委\r", "团委"),
        ("HELP_CONTACT= # 没有", ""),
    ],
)
def test_value_is_read_as_it_was_meant(tmp_path, line, held):
    (tmp_path / ".env").write_text(line + "\nREOPEN_DAYS=7\n", encoding="utf-8")
    assert env.read(tmp_path / ".env") == {"HELP_CONTACT": held, "REOPEN_DAYS": "7"}


def test_file_of_a_windows_notepad_is_read_from_its_first_line(said):
    with_mark = b"\xef\xbb\xbf" + SERVICE.replace("\n", "\r\n").encode()
    assert said(with_mark, "DATABASE_URL", "EMBEDDED") == "postgresql://q@h/q False"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("DATABSE_URL=x", ".env 第 9 行：没有 DATABSE_URL 这个设置，是不是 DATABASE_URL？"),
        ("EMBEDDED=1", ".env 第 9 行：没有 EMBEDDED 这个设置，名称见 .env.example。"),
        ("idle_minutes=3", ".env 第 9 行：没有 idle_minutes 这个设置，是不是 IDLE_MINUTES？"),
        ("\nIDLE_MINUTES", ".env 第 10 行看不懂"),
        ('HELP_CONTACT="没有写完', ".env 第 9 行看不懂"),
        ('HELP_CONTACT="a"b', ".env 第 9 行看不懂"),
        ("HELP_CONTACT=“团委”", ".env 第 9 行看不懂"),
        ("＃ 说明", ".env 第 9 行看不懂"),
        ("SITE_URL=https://other.example.org", ".env 第 9 行：SITE_URL 前面已经写过"),
    ],
)
def test_line_that_cannot_be_meant_is_named(tmp_path, lines, sentence):
    (tmp_path / ".env").write_text(SERVICE + lines + "\n", encoding="utf-8")
    with pytest.raises(env.Misconfigured, match=f"^{sentence}"):
        env.read(tmp_path / ".env")


def test_line_that_cannot_be_meant_stops_the_start(said):
    sentence = ".env 第 9 行：没有 DATABSE_URL 这个设置，是不是 DATABASE_URL？"
    assert said(SERVICE + "export DATABSE_URL=x\n", "DEBUG") == sentence
    sentence = "SITE_URL 和 SITE_URL_FILE 只能写一个，请删去一个。"
    assert said(SERVICE + "SITE_URL_FILE=/x\n", "DEBUG") == sentence


def test_what_cannot_be_read_is_never_repeated(said):
    assert "geheim" not in said(SERVICE + 'EMAIL_HOST_PASSWORD="geheim\n', "DEBUG")


@pytest.mark.parametrize("coding", ["utf-16", "gbk"])
def test_file_in_another_coding_is_said_to_be_one(said, coding):
    assert said(f"HELP_CONTACT=团委\n{SERVICE}".encode(coding), "DEBUG") == (
        ".env 不是 UTF-8 编码，请另存为 UTF-8。"
    )


def test_every_name_may_be_given_by_a_file(said, tmp_path):
    held = tmp_path / "held"
    held.write_bytes(b"\xef\xbb\xbfpostgresql://q@h/held\r\n")
    without = SERVICE.partition("\n")[2]
    assert said(without + f"DATABASE_URL_FILE={held}\n", "DATABASE_URL", "EMBEDDED") == (
        "postgresql://q@h/held False"
    )
    assert said(without, "DATABASE_URL", DATABASE_URL_FILE=str(held)) == "postgresql://q@h/held"
    # The environment stands before the file, whichever of the two forms each uses.
    assert said(SERVICE, "DATABASE_URL", DATABASE_URL_FILE=str(held)) == "postgresql://q@h/held"
    over = "postgresql://q@h/over"
    given = f"DATABASE_URL_FILE={held}\n"
    assert said(without + given, "DATABASE_URL", DATABASE_URL=over) == over
    gone = f"DATABASE_URL_FILE 写的文件读不了：{tmp_path}/gone。请核对路径和权限。"
    assert said(without, "DEBUG", DATABASE_URL_FILE=f"{tmp_path}/gone") == gone


def _sources():
    for name in SOURCES:
        path = ROOT / name
        yield from (path.rglob("*.py") if path.is_dir() else [path])


def _tree(path):
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def test_nobody_asks_the_environment_past_the_one_place_that_knows_files():
    """Written into it is fine; ``os.environ.get`` and its like would not see ``NAME_FILE``."""
    wrong = []
    for path in _sources():
        if path == ROOT / "qingchun/env.py":
            continue
        nodes = list(_tree(path))
        writes = {
            getattr(node, "value", None)
            for node in nodes
            if getattr(node, "attr", "") == "setdefault"
            or isinstance(getattr(node, "ctx", None), ast.Store)
        }  # fmt: skip
        wrong += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in nodes
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv")
            and node not in writes
        ]  # fmt: skip
        wrong += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in nodes
            if isinstance(node, ast.ImportFrom) and node.module == "os"
        ]
    assert wrong == []


def test_known_names_are_those_the_code_reads_and_the_example_explains():
    read = set()
    for path in _sources():
        for node in _tree(path):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "env"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                read.add(node.args[0].value)
    assert sorted(read) == sorted(env.NAMES)
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert sorted(set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example, re.M))) == sorted(env.NAMES)


# In service


def refusal():
    with pytest.raises(env.Misconfigured) as found:
        deployment.check_service()
    return str(found.value)


@pytest.mark.parametrize("name", COMPLETE)
def test_portal_in_service_is_not_started_without(set_up, name):
    set_up(**COMPLETE | {name: ""})
    assert refusal() == deployment.NEEDED[name][1]
    set_up(**{key: value for key, value in COMPLETE.items() if key != name})
    assert refusal() == deployment.NEEDED[name][1]


def test_everything_that_is_missing_is_said_at_once(set_up):
    set_up(DATABASE_URL=COMPLETE["DATABASE_URL"])
    assert [re.split("[：，]", line[4:])[0] for line in refusal().splitlines()] == [
        "REDIS_URL", "SECRET_KEY", "INDEX_KEY", "WALL_KEY", "SITE_URL", "ALLOWED_HOSTS", "SMS_BACK_END",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("DATABASE_URL", ["mysql://q@h/q", "h", "postgresql//h"]),
        ("REDIS_URL", ["h:6379", "http://h"]),
        ("SECRET_KEY", ["short", "change-me" * 10]),
        ("INDEX_KEY", ["short", "change-me" * 10]),
        ("WALL_KEY", ["short", "change-me" * 10]),
        (
            "SITE_URL",
            ["qc.example.org", "ftp://h", "https://", "https://h/x", "https://h?x", "x:y"],
        ),
        ("ALLOWED_HOSTS", ["*", "h,*", ",", " "]),
        ("SMS_BACK_END", ["file", "File", "no", "0"]),
        ("DEBUG", ["1", "true"]),
    ],
)
def test_what_cannot_serve_is_refused_in_words(set_up, name, values):
    for value in values:
        set_up(**COMPLETE | {name: value})
        assert refusal() == deployment.NEEDED[name][1], value


@pytest.mark.parametrize(
    "values",
    [
        {"SITE_URL": "http://qc.example.org:8080/"},
        {"ALLOWED_HOSTS": ".example.org"},
        {"REDIS_URL": "rediss://:p@h:6379/1"},
        {"SMS_BACK_END": "gateway", "SMS_URL": "https://g", "SMS_SECRET": "s"},
        {"SMS_BACK_END": "aliyun", "SMS_KEY": "k", "SMS_SECRET": "s", "SMS_TEMPLATES": "*:1"},
        {
            "SMS_BACK_END": "tencent", "SMS_KEY": "k", "SMS_SECRET": "s", "SMS_APP": "a",
            "SMS_TEMPLATES": "phone_code:1",
        },
    ],
)  # fmt: skip
def test_what_can_serve_is_taken(set_up, values):
    set_up(**COMPLETE | values)
    deployment.check_service()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"ALLOWED_HOSTS": "h"}, "ALLOWED_HOSTS 里没有 SITE_URL 的域名 qc.example.org，请加上。"),
        (
            {"SMS_BACK_END": "gateway", "SMS_URL": "https://g"},
            "SMS_BACK_END=gateway，还要设置 SMS_SECRET（说明见 .env.example）。",
        ),
        (
            {"SMS_BACK_END": "tencent"},
            "SMS_BACK_END=tencent，还要设置 SMS_KEY、SMS_SECRET、SMS_TEMPLATES、SMS_APP"
            "（说明见 .env.example）。",
        ),
        (
            {"SMS_BACK_END": "aliyun", "SMS_KEY": "k", "SMS_SECRET": "s", "SMS_TEMPLATES": "x:1"},
            "SMS_TEMPLATES 里没有验证码（phone_code）的模板，也没有 *，验证码发不出去，请加上。",
        ),
    ],
)
def test_what_is_right_alone_and_wrong_together_is_refused(set_up, values, sentence):
    set_up(**COMPLETE | values)
    assert refusal() == sentence


# What is absent in service, and what that means: never open, never unlocked.
ABSENT = {
    "EMBEDDED": "False",
    "DEBUG": "False",
    "SHOW_CODES": "False",
    "CODES_ARE_SENT": "False",
    "HTTPS": "True",
    "SESSION_COOKIE_SECURE": "True",
    "CSRF_COOKIE_SECURE": "True",
    "SECURE_SSL_REDIRECT": "True",
    "MFA_REQUIRED_LEVELS": "['province', 'department', 'city']",
    "MFA_CODE_LEVELS": "['county', 'township']",
    "PASSWORD_DAYS": "0",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": "False",
    "PASSWORD_COMPOSITION": "True",
    "EMAIL_USE_SSL": "True",
    "ALLOWED_HOSTS": "['qc.example.org']",
    "OUTBOUND_ALLOWED": "[]",
    "ALLAUTH_TRUSTED_PROXY_COUNT": "0",
    "SITE_URL": "https://qc.example.org",
}


def test_nothing_is_open_because_nothing_is_said_about_it(said):
    # A word of an older version, and of nobody's choosing.
    assert said(SERVICE, *ABSENT, EMBEDDED="1") == " ".join(ABSENT.values())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("MFA_REQUIRED_LEVELS=", "MFA_REQUIRED_LEVELS=（空）：只能是"),
        ("MFA_REQUIRED_LEVELS=provence", "MFA_REQUIRED_LEVELS=provence：只能是"),
        ("HTTPS=", "HTTPS=：只能是 0、1。"),
        ("HTTPS=no", "HTTPS=no：只能是 0、1。"),
        ("PASSWORD_COMPOSITION=False", "PASSWORD_COMPOSITION=False：只能是 0、1。"),
    ],
)
def test_empty_or_misspelt_value_switches_nothing_off(said, line, sentence):
    assert said(f"{SERVICE}{line}\n", "DEBUG").startswith(sentence)


def test_no_code_gateway_is_said_by_a_word_of_its_own(said):
    word = SERVICE.replace("SMS_BACK_END=none", "SMS_BACK_END=gateway")
    names = ("CODES_ARE_SENT", "SHOW_CODES", "SMS_BACK_END")
    assert said(SERVICE, *names) == "False False none"
    assert said(f"{word}SMS_URL=https://g\nSMS_SECRET=s\n", *names) == "True False gateway"


# The owner of the tables


def refusal_of_roles(*, owner=False, jobs=False):
    with pytest.raises(env.Misconfigured) as found:
        deployment.check_roles(owner=owner, jobs=jobs)
    return str(found.value)


@pytest.mark.parametrize("url", [None, "", "q@h/q"])
def test_tables_are_not_made_without_their_owner_nor_jobs_done_without_theirs(set_up, url):
    set_up(**COMPLETE | ({} if url is None else {"OWNER_URL": url, "JOBS_URL": url}))
    assert refusal_of_roles(owner=True).startswith("请设置 OWNER_URL：建表的角色")
    assert refusal_of_roles(jobs=True).startswith("请设置 JOBS_URL：后台任务的角色")


def test_two_that_are_one_role_are_refused_in_words(set_up):
    set_up(**COMPLETE, OWNER_URL="postgresql://q:other@h/q")
    assert refusal_of_roles(owner=True).startswith("OWNER_URL 和 DATABASE_URL 是同一个角色")
    set_up(**COMPLETE, OWNER_URL="postgresql://o@h/q", JOBS_URL="postgresql://o@h/q")
    assert refusal_of_roles(owner=True).startswith("JOBS_URL 和 OWNER_URL 是同一个角色")
    set_up(**COMPLETE, OWNER_URL="postgresql://o@h/q", JOBS_URL="postgresql://j@h/q")
    deployment.check_roles(owner=True, jobs=True)


@pytest.mark.parametrize(
    "argv",
    [["x/celery/__main__.py", "worker"], ["celery"], ["m.py", "audit_chain"], ["r", "--jobs"]],
)
def test_worker_and_beat_are_the_jobs(argv):
    assert deployment.is_jobs(argv)
    assert not deployment.is_jobs(["manage.py", "open_province"])
    assert not deployment.is_jobs(["gunicorn", "qingchun.wsgi"])


def test_web_and_jobs_need_no_owner(said):
    """A machine that only serves knows no way to change a table."""
    assert said(SERVICE, "IS_OWNER", "WEB_ROLE") == "False q"


@pytest.mark.parametrize("command", deployment.OF_OWNER)
def test_what_changes_tables_is_the_owners(command):
    assert deployment.is_owner(["manage.py", command])
    assert not deployment.is_owner(["manage.py", "check", command])
    assert not deployment.is_owner(["manage.py"])


# The demo


def test_nothing_set_up_wants_a_demo(set_up):
    for host in ({}, {"HOST": "localhost"}, {"HOST": "127.0.0.2"}, {"HOST": "::1"}):
        set_up(PORT="8130", WEB_CONCURRENCY="1", **host)
        assert deployment.wants_demo()


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_FILE"])
def test_whoever_names_a_database_has_no_demo(set_up, tmp_path, name):
    (tmp_path / "url").write_text("postgresql://q@h/q")
    set_up(**{name: str(tmp_path / "url")})
    assert not deployment.wants_demo()
    set_up(DATABASE_URL="")  # nor one who left it empty
    assert not deployment.wants_demo()


@pytest.mark.parametrize("name", [*sorted(deployment.OF_SERVICE), "REDIS_URL_FILE"])
def test_half_a_service_is_no_demo(set_up, tmp_path, name):
    (tmp_path / "held").write_text("x")
    set_up(**{name: str(tmp_path / "held")})
    with pytest.raises(env.Misconfigured, match="没有写 DATABASE_URL"):
        deployment.wants_demo()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "portal.example.org", ""])  # noqa: S104
def test_demo_is_shown_to_nobody_else(set_up, host):
    set_up(HOST=host)
    with pytest.raises(env.Misconfigured, match=f"^HOST={host}：演示只给本机看。"):
        deployment.wants_demo()


@pytest.mark.parametrize(("host", "is_taken"), [("0.0.0.0", False), ("", False), ("::1", True)])  # noqa: S104
def test_whoever_names_the_demos_own_database_shows_it_to_nobody_else_either(
    said, tmp_path, host, is_taken
):
    """Named by DATABASE_URL, the demo was served to all, with codes on the page."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "embedded").touch()
    ours = f"postgresql://q@/q?host={tmp_path}/run/pg"
    answer = said("", "SHOW_CODES", DATABASE_URL=ours, HOST=host)
    assert answer == "True" if is_taken else "演示只给本机看" in answer


def test_env_file_that_is_named_and_not_there_stops_the_start(said):
    """A wrong path in a systemd unit made a demo of a portal in service."""
    assert "/nowhere/qingchun.env" in said(SERVICE, "EMBEDDED", DOTENV="/nowhere/qingchun.env")
    assert said(SERVICE, "EMBEDDED") == "False"


def test_nothing_running_and_nothing_set_says_both_ways_out(said):
    assert said("", "DEBUG") == (
        "本目录自带的数据库没有在运行，也没有设置别的：看演示请执行 make run，"
        "正式部署请照 .env.example 写好 .env。"
    )
