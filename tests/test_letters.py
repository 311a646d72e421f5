"""A sign that a PDF has where its character was is read as the character, wherever text comes in."""

import ast
import json
import re
import unicodedata
import uuid
from io import BytesIO

import openpyxl
import pytest
from django import forms
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework import serializers

from campaigns.models import Activity
from qingchun.accounts.claims import same_name
from qingchun.env import BASE_DIR
from qingchun.gate import GateMiddleware
from qingchun.ground.letters import MEANT, OURS, SIGNS, SOURCE, alike, meant
from qingchun.ground.names import name_of
from qingchun.ground.pairs import pairs_in, plain
from qingchun.ground.sought import Sought
from qingchun.ground.workbooks import reading
from qingchun.organizations.finding import UnitFinder
from reports.boards import text_similarity
from talent.pool.imports.columns import BY_KEY, meaning_of
from tests.our_forms import our_forms, sources
from tests.test_api import API, as_zhang, entry  # noqa: F401

RADICALS = [*range(0x2E80, 0x2E9A), *range(0x2E9B, 0x2EF4), *range(0x2F00, 0x2FD6)]


def test_every_row_shows_the_signs_that_its_codes_are():
    rows = [line.split(" ") for line in SOURCE.read_text(encoding="utf-8").splitlines()]
    assert (len(rows), len(MEANT)) == (348, 348)
    assert [[chr(int(code, 16)) for code in row[:2]] for row in rows] == [row[2:] for row in rows]


def test_every_radical_has_its_character_but_one_that_looks_like_none():
    assert [chr(code) for code in RADICALS if code not in MEANT] == ["⺀"]
    assert re.fullmatch("[㐀-䶿一-鿿\U00020000-\U0003ffff]+", "".join(MEANT.values()))
    assert not SIGNS.search("".join(MEANT.values()))


def test_where_unicode_says_it_twice_both_agree_but_for_what_is_ours():
    twice = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in MEANT}
    other = {sign: MEANT[ord(sign)] for sign, as_nfkc in twice.items() if as_nfkc not in (sign, MEANT[ord(sign)])}  # fmt: skip
    assert other == OURS


@pytest.mark.parametrize(
    ("copied", "typed"),
    [
        ("⾼⾦⼭", "高金山"), ("⻢水清", "马水清"), ("⻓治", "长治"), ("⼾籍", "户籍"), ("⻘春兴晋", "青春兴晋"),
        ("⻛⻚⻩⻥⻦⻬", "风页黄鱼鸟齐"), ("㇐", "一"), ("山西，plain “text” ①", "山西，plain “text” ①"),
    ],
)  # fmt: skip
def test_what_was_copied_is_what_would_be_typed(copied, typed):
    assert meant(copied) == typed
    assert alike(copied) == alike(typed)


def test_name_is_found_and_compared_however_it_was_copied():
    assert name_of("⻢水清") == ("马水清", "")
    assert same_name("⾼⾦⼭", "高金山")
    assert plain("⻓治 县") == "长治县"
    assert pairs_in(["⻢水清"], "140105") == pairs_in(["马水清"], "140105")
    assert Sought("⻓治").text == "长治"
    assert Sought("长治").is_in("⻓治县")
    assert meaning_of("⼿机号", {}) == BY_KEY["phone"].key
    one, other = (
        text_similarity.letters(text)[0].tolist() for text in ("⻢水清⻓治", "马水清长治")
    )
    assert one == other


def test_unit_is_found(campaign):
    assert UnitFinder("14", ()).find("⼩店区").code == "140105"


def test_sheet_says_what_it_means():
    book, body = openpyxl.Workbook(), BytesIO()
    book.active.append(["姓名", "⼿机号", 3])
    book.active.append(["⻢水清", 13800000001, None])
    book.save(body)
    rows = reading.open_book(body.getvalue()).table("Sheet").rows
    assert [[*row] for row in rows] == [["姓名", "手机号", 3], ["马水清", 13800000001, ""]]
    rows = reading.open_book("姓名,⼿机号\n⻢水清,1\n".encode()).table("表格").rows
    assert [[*row] for row in rows] == [["姓名", "手机号"], ["马水清", "1"]]


def through_the_gate(data="", kind="application/x-www-form-urlencoded", query="", method="post"):
    """What a view reads of a request."""
    seen = []

    def view(request):
        seen.append(request)
        return HttpResponse()

    ask = RequestFactory().generic(method, f"/?{query}", data, kind)
    gate = GateMiddleware(view)
    assert gate.process_view(ask, view, (), {}) is None
    assert gate(ask).status_code == 200
    return seen[0]


FIELDS = [
    (form, name)
    for form in our_forms()
    for name, field in form.base_fields.items()
    if isinstance(field, forms.CharField)
]


def test_every_text_of_every_form_is_read_as_it_is_meant():
    """The gate knows no fields: whatever a form calls its own comes to it so."""
    assert len(FIELDS) > 100
    names = sorted({name for _, name in FIELDS})
    request = through_the_gate("&".join(f"{name}=⻢⾼&{name}=plain" for name in names))
    assert {name for name in names if request.POST.getlist(name) != ["马高", "plain"]} == set()
    for form, name in FIELDS:
        widget = form.base_fields[name].widget
        given = widget.value_from_datadict(request.POST, {}, name)
        assert not SIGNS.search(str(given)), (form, name)


def test_every_text_of_every_serializer_is_read_as_it_is_meant():
    found, waiting = set(), [serializers.Serializer]
    while waiting:
        for one in waiting.pop().__subclasses__():
            found.add(one)
            waiting.append(one)
    ours = [one for one in found if hasattr(getattr(one, "Meta", None), "model")]
    names = sorted(
        {
            name
            for one in ours
            for name, field in one().fields.items()
            if isinstance(field, serializers.CharField)
        }
    )
    assert len(names) > 10
    for is_ascii in (True, False):
        body = json.dumps(dict.fromkeys(names, "⻢⾼"), ensure_ascii=is_ascii)
        request = through_the_gate(body, "application/json")
        assert json.loads(request.body) == dict.fromkeys(names, "马高")


@pytest.mark.parametrize("text", ["\\u2ee2", "\\\\⾼", "\\", "\u2e80", "\u31cf\\u31cf", "马"])
def test_backslash_that_somebody_typed_is_a_backslash(text):
    for is_ascii in (True, False):
        body = json.dumps({"title": text}, ensure_ascii=is_ascii)
        read = json.loads(through_the_gate(body, "application/json").body)
        assert read == {"title": meant(text)}


def test_address_says_what_it_means():
    request = through_the_gate(query="q=%E2%BB%93%E6%B2%BB&page=2", method="get")
    assert request.GET.dict() == {"q": "长治", "page": "2"}


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/json"])
def test_program_that_sends_what_a_pdf_says_is_understood(as_zhang, campaign, kind):  # noqa: F811
    sent = entry(campaign, place="⻓治⼤厅", text="⾼⾦⼭")
    answer = as_zhang.post(f"{API}/activities/", sent, **({"content_type": kind} if "json" in kind else {}))  # fmt: skip
    assert answer.status_code == 201
    activity = Activity.objects.get()
    assert (activity.place, activity.text) == ("长治大厅", "高金山")


def test_cadre_who_pastes_from_a_pdf_logs_and_finds_it(client, zhang, campaign):
    client.force_login(zhang)
    typed = {
        "entry": str(uuid.uuid4()), "kind": "proxy", "held_on": "2019-01-07", "place": "⻓治⼤厅",
        "participants": 3, "title": "⻢水清讲政策",
    }  # fmt: skip
    client.post("/activities/new/", typed)
    activity = Activity.objects.get()
    assert (activity.place, activity.title) == ("长治大厅", "马水清讲政策")
    for words in ("⻢水清", "马水清"):
        assert "讲政策" in client.get("/activities/", {"q": words}).content.decode()


def test_no_other_line_makes_letters_alike():
    found = {
        path.relative_to(BASE_DIR).as_posix()
        for path in sources()
        if re.search(r"\bnormalize\(\"NF(?!D)", path.read_text(encoding="utf-8"))
    }
    assert found == {"qingchun/ground/letters.py"}


def test_no_text_comes_in_past_the_gate_and_the_sheets():
    """Whoever reads a request's bytes, or a file's as text, is one of these."""
    found = set()
    for path in sources():
        where = path.relative_to(BASE_DIR).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Subscript) else ""
            if re.fullmatch(r"(self\.)?request\.(body|_body|stream|read|readline)|request\.META\[.QUERY_STRING.\]", text):  # fmt: skip
                found.add((where, text))
    assert found == {
        ("qingchun/gate.py", "request.body"), ("qingchun/gate.py", "request._body"),
        ("services/events/views/people.py", "request.body"),
    }  # fmt: skip
