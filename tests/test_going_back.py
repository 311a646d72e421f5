"""A form that was sent. Going back never meets a form that was sent: where nothing is wrong, what is posted is answered with
the way to a page, and not with one."""

import datetime as dt
import json
import re

import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from qingchun.accounts import drafts
from qingchun.ground.sealing import unseal
from tests import test_access
from tests.conftest import uncounted
from tests.talent.conftest import FORM, PHONE, check_in_by_phone, shown_code
from tests.test_access import our_routes, url_for

cast, world, clients = test_access.cast, test_access.world, test_access.clients
# What is answered with a page though nothing is wrong with what was sent, and why.
ANSWERED = {
    **dict.fromkeys(
        ("events:people", "proxy:cases", "talent:pool", "talent:youth", "talent:exports"),
        "a name or a number is looked for, which stands in no address; of cadres at their desk",
    ),
    "accounts:search": "nothing was looked for: what was has an address",
    "campaigns:calendar_key": "shown once, and never again",
    "events:event_new": "of which kind it is has not been said",
}
WRONG = (b"is-invalid", b'role="alert"', b"q-error", b"q-note r", b"q-note y")
SENT = (
    {"csrfmiddlewaretoken": "t"},
    {"send": "1", "phone": "13800001234"},
    {"number": "7KQM2XPA9DRT", "last_four": "1234"},
)
# What nothing is wrong with, where less would be refused: a name that is none of those known.
FILLED = {"talent:check_in": [FORM | {"name": "另一位"}]}
NOTED = re.compile(r'class="q-error" id="([^"]+)-error"[^>]*>([^<]+)<')


def answered(world, clients):
    """(route, page) of every form that a post was answered with, of everybody who may send it."""
    for path, name, callback in our_routes():
        if "POST" not in getattr(callback, "takes", ()):
            continue
        url = url_for(path, name, world)
        for role in ("anonymous", "youth", "county"):
            for values in (*SENT, *FILLED.get(name, ())):
                cache.clear()
                uncounted()
                answer = clients[role].post(url, values)
                is_page = answer.get("Content-Type", "").startswith("text/html")
                if answer.status_code == 200 and is_page:
                    yield name, answer.content


def test_what_is_posted_well_leads_to_a_page_and_what_is_refused_begins_with_why(world, clients):
    well, silent, refused = set(), set(), set()
    for name, content in answered(world, clients):
        if not any(sign in content for sign in WRONG):
            well.add(name)
        page = content.decode()
        ids = set(re.findall(r'\sid="([^"]+)"', page))
        listed = re.search(r'<div class="q-note r q-refused.*?</ul>', page, re.S)
        noted = NOTED.findall(page)
        if noted:
            refused.add(name)
        if noted and not listed:
            silent.add(f"{name}: no list")
        if listed:
            silent |= {
                f"{name}: #{target} is not there"
                for target in re.findall(r'href="#([^"]*)"', listed[0])
                if target not in ids
            }
            silent |= {
                f"{name}: {said} is not listed" for _, said in noted if said not in listed[0]
            }
    assert "\n".join(sorted(silent)) == ""
    assert len(refused) > 40
    assert not well ^ {*ANSWERED}, "\n".join(sorted(well ^ {*ANSWERED}))


def test_a_code_is_asked_for_and_going_back_meets_a_page(campaign):
    uncounted()
    client = Client()
    values = FORM | {"phone": "13800002001", "code": "123456", "send": "1", "township": "140105001"}
    sent = client.post("/140105/check-in/?from=qr", values)
    assert (sent.status_code, sent.url) == (302, "/140105/check-in/?from=qr")
    page = client.get(sent.url).content.decode()
    assert "验证码已发送" in page
    assert 'value="13800002001"' in page
    assert 'value="陈返乡"' in page
    assert re.search(r'value="140105001" selected', page)
    assert 'data-wait="' in page
    # Neither the code nor the consent, kept or shown, and nothing of it on another county's page.
    kept = json.loads(unseal(client.session[drafts.KEY], drafts.SEAL))["values"]
    assert kept["name"] == ["陈返乡"]
    assert not {"code", "agree_basic"} & kept.keys()
    assert "123456" not in page
    assert "checked" not in re.search(r'<input[^>]*name="agree_basic"[^>]*>', page)[0]
    assert "13800002001" not in client.get("/140106/check-in/").content.decode()
    assert "13800002001" not in Client().get("/140105/check-in/").content.decode()


def test_who_it_is_is_asked_on_a_page_one_can_go_back_to(campaign):
    uncounted()
    check_in_by_phone(Client(), name="吉星")
    uncounted()
    client = Client()
    values = FORM | {"phone": PHONE, "name": "王小妹", "agree_messages": "on"}
    code = shown_code(client.post("/140106/check-in/", values | {"send": "1"}, follow=True))
    sent = client.post("/140106/check-in/", values | {"code": code})
    assert (sent.status_code, sent.url) == (302, "/140106/check-in/?ask=1")
    for _ in range(2):  # gone on from it, and come back
        page = client.get(sent.url)
        assert "请确认是哪一位" in page.content.decode()
        assert "吉* · 小店区" in page.content.decode()
    assert code not in page.content.decode()
    for kept in ("王小妹", PHONE, "吉"):
        assert kept not in str(dict(client.session))
    # The form itself has what was typed, asks for no second code, and ticks nothing.
    form = client.get("/140106/check-in/").content.decode()
    assert 'value="王小妹"' in form
    assert "id_code" not in form
    assert "checked" not in re.search(r'<input[^>]*name="agree_messages"[^>]*>', form)[0]
    answer = dict(page.context["typed"]) | {"who": "another"}
    assert client.post(sent.url, answer).url == "/check-in/more/"
    assert "请确认是哪一位" not in client.get(sent.url).content.decode()
    assert drafts.KEY not in client.session


def test_what_is_wrong_with_the_number_is_said_on_the_page_that_comes(campaign):
    uncounted()
    client = Client()
    page = client.post("/sign-in/", {"phone": "0351-123", "send": "1"}, follow=True)
    assert page.redirect_chain == [("/sign-in/", 302)]
    assert 'value="0351-123"' in page.content.decode()
    assert "is-invalid" in page.content.decode()


def test_the_draft_is_sealed_and_goes_with_its_code_and_its_minutes(campaign, this_minute):
    uncounted()
    client = Client()
    values = FORM | {"phone": "13800002001"}
    sent = client.post("/140105/check-in/", values | {"send": "1"}, follow=True)
    assert "13800002001" not in str(dict(client.session))
    assert "陈返乡" not in str(dict(client.session))
    code = shown_code(sent)
    client.post("/140105/check-in/", values | {"code": code})
    assert drafts.KEY not in client.session
    client = Client()
    uncounted()
    client.post("/140105/check-in/", values | {"send": "1"})
    with time_machine.travel(now() + dt.timedelta(seconds=drafts.KEPT_FOR + 1), tick=False):
        assert "13800002001" not in client.get("/140105/check-in/").content.decode()


def test_what_is_looked_for_is_shown_once_on_a_page_one_can_go_back_to(campaign):
    client = Client()
    sent = client.post("/certificates/", {"number": "8KQM-2XPA-9DRT"})
    assert (sent.status_code, sent.url) == (302, "/certificates/")
    assert "8KQM" not in str(dict(client.session))
    assert "没有这个编号" in client.get("/certificates/").content.decode()
    assert "8KQM" not in client.get("/certificates/").content.decode()
