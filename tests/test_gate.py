"""The one gate: what nobody could take is refused in words, before any view sees it."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, RequestFactory

from qingchun.accounts.actions.credentials import make_token
from qingchun.organizations.access import declared, routes
from tests.events import scene

ROOT = Path(__file__).resolve().parent.parent
API = "/api/v1"
JSON = "application/json"
DEEP = "[" * 100_000


@pytest.fixture
def nobody(db):
    return Client(raise_request_exception=False)


@pytest.fixture
def as_zhang(zhang, campaign):
    client = Client(raise_request_exception=False)
    client.force_login(zhang)
    return client


@pytest.fixture
def event(campaign, zhang):
    return scene.opened(zhang)


@pytest.fixture
def program(zhang, campaign):
    key = make_token(zhang.acting, name="台账程序")
    return Client(headers={"Authorization": f"Token {key}"}, raise_request_exception=False)


def refused(answer, status=400):
    """The words of a refusal, in a page of ours or in JSON."""
    assert answer.status_code == status
    if answer["Content-Type"].startswith(JSON):
        return " ".join(map(str, answer.json().values()))
    page = answer.content.decode()
    assert "这次没有收下" in page
    return page


# Addresses and heads


@pytest.mark.parametrize(
    "address",
    [
        "/find/?q=%00", "/find/?in=%00", "/policies/?home=%00", "/coverage/?q=%00", "/stories/?%00=1",
        "/find/%00/", "/%FF%FE/", "/services/%ED%A0%80/", "/find/?q=%ED%A0%80", "/find/?q=%FF", "/140105/check-in/?x=%C3%28",
        "/sign-in/?next=%00", f"{API}/activities/?campaign=%00", f"{API}/%00/",
    ],
)  # fmt: skip
def test_stranger_who_writes_what_is_no_text_into_an_address_is_told_so(nobody, address):
    assert "不能识别的字符" in refused(nobody.get(address))


@pytest.mark.parametrize(
    "head",
    [
        {"User-Agent": "a\0"}, {"Referer": "http://testserver/\0"}, {"Authorization": "Token \0"},
        {"Cookie": '__="a\\000b"'}, {"Cookie": 'qingchun="abcdefghij\\000"'}, {"X-Forwarded-For": "\0"},
        {"Content-Type": "text/html; charset=utf-16"},
    ],
)  # fmt: skip
def test_stranger_whose_head_is_no_text_gets_words_instead_of_a_broken_page(nobody, head):
    assert "乱码" in refused(nobody.get("/sign-in/?next=/", headers=head))


def test_encoding_that_is_for_no_text_is_refused_before_django_stumbles(db):
    """Django itself reads the query with it while it makes the request."""
    from qingchun.wsgi import application

    environ = RequestFactory()._base_environ(
        PATH_INFO="/sign-in/", QUERY_STRING="next=/", CONTENT_TYPE="a/b; charset=base64"
    )
    said = []
    page = b"".join(application(environ, lambda status, head: said.append(status)))
    assert (said, "乱码" in page.decode()) == (["400 Bad Request"], True)


def test_ordinary_addresses_in_chinese_and_with_blanks_pass(nobody, campaign):
    assert nobody.get("/services/１/").status_code == 404
    for address in (
        "/find/?q=小店 区",
        "/find/?q=%E5%B0%8F+%F0%9F%98%80",
        "/sign-in/?next=/my/%3Fa=1",
    ):
        assert nobody.get(address).status_code == 200


# Bodies


@pytest.mark.parametrize("text", ["a\0b", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe"])
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/youth/", "q"), ("/pool/", "q"), ("/proxy/cases/", "q"), ("/act-for/", "organization"),
        ("/activities/new/", "title"), ("/people/", "nothing reads this"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["lines", "multipart"])
def test_cadre_who_pastes_what_is_no_text_is_told_which_and_what_to_do(
    as_zhang, text, address, name, kind
):
    raw = text.encode() if isinstance(text, str) else text
    if kind == "lines":
        body = name.encode() + b"=" + b"".join(b"%%%02x" % byte for byte in raw)
        answer = as_zhang.post(address, body, "application/x-www-form-urlencoded")
    else:
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        answer = as_zhang.post(
            address, head + raw + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
        )
    assert "删去后再提交" in refused(answer)


@pytest.mark.parametrize("digit", ["9", "９"])
@pytest.mark.parametrize(
    "address", ["/documents/make/", "/accounts/2fa/webauthn/login/", "/act-for/"]
)
def test_number_of_five_thousand_digits_is_refused_before_anybody_reads_it(
    as_zhang, address, digit
):
    """It is made of digits, and yet no number that Python reads."""
    sent = {"credential": digit * 5_000, "paper": digit * 5_000}
    assert "几千位" in refused(as_zhang.post(address, sent))


def test_long_text_with_years_in_it_is_a_text(as_zhang):
    assert as_zhang.post("/act-for/", {"organization": "2019年。" * 2_000}).status_code == 302


def test_why_with_a_nul_is_refused_for_a_young_persons_voice_too(as_zhang):
    assert "乱码" in refused(as_zhang.post("/voices/desk/1/refuse/", {"why": "\0"}))


def test_file_with_a_nul_in_its_name_breaks_nothing(as_zhang):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\0.xlsx"\r\n'
    body = head + b"Content-Type: a/\0\r\n\r\nx\r\n--x--\r\n"
    answer = as_zhang.post("/people/import/", body, "multipart/form-data; boundary=x")
    assert "乱码" in refused(answer)


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\nContent-Disposition", b"", b"--x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n',
    ],
)  # fmt: skip
def test_half_a_form_is_a_refusal_or_an_empty_form(as_zhang, body):
    assert as_zhang.post("/act-for/", body, "multipart/form-data; boundary=x").status_code < 500
    assert "没有传完整" in refused(as_zhang.post("/act-for/", b"x", "multipart/form-data"))


@pytest.mark.parametrize("charset", ["base64", "utf-7", "utf-16", "idna"])
def test_form_in_another_encoding_is_refused(as_zhang, charset):
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    answer = as_zhang.generic("POST", "/act-for/", b"--x--\r\n", kind)
    assert "乱码" in refused(answer)


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "7", DEEP, "{}" + DEEP, '{"a":' * 100])
def test_program_that_sends_no_object_or_a_deep_one_is_told_so(program, body):
    words = refused(program.post(f"{API}/activities/", body, JSON))
    assert "JSON" in words or "层数" in words


@pytest.mark.parametrize("kind", [JSON, "text/plain", "application/octet-stream"])
def test_deep_scan_at_the_door_is_refused_whatever_it_calls_itself(as_zhang, kind):
    assert "层数" in refused(as_zhang.post("/desk/events/1/scanned/", DEEP, kind))


@pytest.mark.parametrize(
    "text",
    ['{"title": "\\u0000"}', '{"\\u0000": 1}', '{"title": "\\ud800"}', '{"title": "\0"}', b'{"a": "\xff"}'],
)  # fmt: skip
@pytest.mark.parametrize("address", [f"{API}/activities/", "/desk/events/1/scanned/"])
def test_json_that_is_no_text_is_refused(program, as_zhang, address, text):
    client = program if address.startswith(API) else as_zhang
    assert "乱码" in refused(client.post(address, text, JSON))


def test_backslashes_brackets_and_emoji_in_json_are_text(program):
    """A person may write \\u0000, forty brackets, or a face: JSON spells the first two strangely."""
    said = {"title": "\\u0000 \U0001f600" + "[" * 40}
    answer = program.post(f"{API}/activities/", json.dumps(said), JSON)
    assert (answer.status_code, "campaign" in answer.json()) == (400, True)


# How much


def test_stranger_cannot_fill_the_disk_through_a_check_in(nobody, campaign, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
    file = SimpleUploadedFile("a.bin", b"x" * 1_100_000)
    words = refused(nobody.post("/140105/check-in/", {"name": "王", "file": file}), 413)
    assert "超过 1 MB" in words


def test_files_are_taken_where_files_belong_and_only_from_whom_they_are_for(
    nobody, as_zhang, settings
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.UPLOAD_MOST_BYTES = 1_000_000, 2_000_000

    def sent(client, size):
        return client.post("/photos/", {"file": SimpleUploadedFile("a.jpg", b"x" * size)})

    assert sent(as_zhang, 1_100_000).status_code == 409  # looked at: it is no picture
    assert "超过 2 MB" in refused(sent(as_zhang, 2_100_000), 413)
    assert "超过 1 MB" in refused(sent(nobody, 1_100_000), 413)


def test_form_sent_to_the_door_is_answered_in_words(as_zhang, zhang, event):
    answer = as_zhang.post(f"/desk/events/{event.pk}/scanned/", {"code": "x"})
    assert (answer.status_code, answer.json()["reason"][:5]) == (400, "签到的数据")


def test_json_of_more_than_a_megabyte_is_refused(program):
    body = json.dumps({"title": "x" * 1_000_001})
    assert "超过 1 MB" in refused(program.post(f"{API}/activities/", body, JSON), 413)


def test_form_of_a_thousand_and_one_fields_is_refused(as_zhang):
    body = "&".join(f"a{n}=1" for n in range(1_002))
    answer = as_zhang.post("/act-for/", body, "application/x-www-form-urlencoded")
    assert "分几次" in refused(answer, 413)


def test_body_without_a_length_is_refused_instead_of_read_as_nothing(as_zhang):
    answer = as_zhang.generic("POST", "/act-for/", b"", headers={"Transfer-Encoding": "chunked"})
    assert "Content-Length" in refused(answer)


def test_every_view_that_reads_files_says_so_and_no_other():
    """What takes a file may be sent more: said beside who may open it."""
    reading = set()
    for top in ("qingchun", "campaigns", "talent", "services", "reports"):
        for path in (ROOT / top).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "request.FILES" in text and path.name != "gate.py":
                reading |= {(str(path), name) for name in readers_of(ast.parse(text))}
    views = [getattr(view, "cls", view) for _, _, view in routes()]
    marked = {
        (sys.modules[view.__module__].__file__, view.__name__)
        for view in views
        if getattr(view, "takes_files", False)
    }
    assert marked == reading


def readers_of(tree):
    """Names of the views that read files, themselves or through a function beside them."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    text = {node.name: ast.unparse(node) for node in ast.walk(tree) if isinstance(node, kinds)}
    reads = {name for name, body in text.items() if "request.FILES" in body}
    through = re.compile(rf"\b({'|'.join(reads)})\(request")
    return {
        name
        for name, body in text.items()
        if "@access" in body and (name in reads or through.search(body.partition("def ")[2]))
    } - {"attaching"}  # makes the view


# Pages of the API


@pytest.mark.parametrize(
    "query", ["limit=80721722920368248046223360", "limit=201", "limit=-1", "limit=NaN", "limit=１"]
)
def test_program_that_asks_for_too_many_is_told_how_many_there_may_be(program, query):
    assert "200" in refused(program.get(f"{API}/campaigns/?{query}"))


@pytest.mark.parametrize("query", ["offset=9223372036854775808", "offset=100001", "offset=-5"])
def test_program_that_begins_too_far_back_is_told_to_narrow(program, query):
    assert "100000" in refused(program.get(f"{API}/campaigns/?{query}"))


def test_ordinary_pages_are_as_they_were(program):
    for query in ("", "limit=1", "limit=200&offset=100000", "limit=0", "limit="):
        assert program.get(f"{API}/campaigns/?{query}").status_code == 200


def test_program_that_asks_without_end_is_asked_to_wait(program, settings, this_minute):
    settings.API_A_MINUTE = settings.API_A_MINUTE | {"key": 2}
    answers = [program.get(f"{API}/counts/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "秒再试" in answers[2].json()["detail"]
    assert 0 < int(answers[2]["Retry-After"]) <= 60


def test_account_is_counted_apart_from_its_keys(program, as_zhang, settings, this_minute):
    settings.API_A_MINUTE = settings.API_A_MINUTE | {"account": 1}
    assert [as_zhang.get(f"{API}/counts/").status_code for _ in range(2)] == [200, 429]
    assert program.get(f"{API}/counts/").status_code == 200


def test_stranger_who_tries_keys_is_counted_by_address(nobody, settings, this_minute):
    settings.API_A_MINUTE = settings.API_A_MINUTE | {"address": 2}
    tries = [
        nobody.get(f"{API}/counts/", headers={"Authorization": f"Token {n}"}) for n in range(3)
    ]
    assert [answer.status_code for answer in tries] == [401, 401, 429]


# What stays behind


def stored(answer):
    said = answer.get("Cache-Control", "")
    return not ("no-store" in said and "private" in said)


def undone(client, url):
    with transaction.atomic():
        answer = client.get(url)
        transaction.set_rollback(True)
    return answer


def test_no_page_of_somebody_signed_in_stays_in_an_office_computer(as_zhang, nobody):
    """Every route, as a cadre and as nobody: the back button shows no one else's people."""
    kept = []
    for path, name, callback in routes():
        url = "/" + path.replace("<place:code>", "140105").replace("<int:pk>", "1")
        if any(mark in url for mark in "<(^\\") or callback.__module__.startswith("allauth."):
            continue
        if stored(undone(as_zhang, url)):
            kept.append(f"{url} as a cadre")
        rule = declared(callback, name)
        if rule and not rule.public and stored(undone(nobody, url)):
            kept.append(f"{url} as nobody")
    assert kept == []


def test_public_page_of_a_stranger_keeps_what_it_said_itself(nobody, campaign):
    assert "Cache-Control" not in nobody.get("/140105/")


def test_answer_that_was_posted_is_not_kept(nobody):
    assert not stored(nobody.post("/status/", {}))


def test_cookies_cannot_be_set_by_a_neighbouring_host_once_there_is_https():
    code = (
        "from django.conf import settings as s;"
        "from qingchun.ground.cookies import _Cookie as c;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, c.cookie_name,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN)"
    )
    environment = os.environ | {"HTTPS": "1", "DJANGO_SETTINGS_MODULE": "qingchun.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [
        "__Host-qingchun", "__Host-csrftoken", "__Host-messages", "True", "True", "/", "/", "None",
    ]  # fmt: skip
