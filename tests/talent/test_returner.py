"""Whoever checked in before: number, code, as last time, done. Nothing of them is shown before the code."""

import re

import pytest
from django.test import Client

from talent.youth.models import CheckIn, Youth
from tests.conftest import uncounted, with_number
from tests.looking import looking
from tests.talent.conftest import FORM, get_code, shown_code

PATH = "/140105/check-in/"


def text_of(response):
    return response.content.decode()


@pytest.fixture
def lin(arrive):
    """林学, of a township, who was here before."""
    uncounted()
    return arrive("林学", home="140105001", lives_at="广州市", kind="worker")


def come_back(client, phone, code=None, path=PATH):
    code = code or shown_code(client.post(path, {"phone": phone, "send": "1"}, follow=True))
    return client.post(path, {"phone": phone, "code": code, "back": "1"})


def values_in(page):
    """What the form would send as it stands."""
    texts = re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', page)
    chosen = re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"[^>]* checked', page)
    listed = re.findall(r'<select name="(\w+)".*?<option value="(\w*)" selected', page, re.S)
    return dict(texts + chosen + listed)


def test_number_code_as_last_time_done(lin):
    client, phone = Client(), lin.phone
    assert "林学" not in text_of(client.get(PATH))
    asked = client.post(PATH, {"phone": phone, "send": "1"}, follow=True)
    assert "林学" not in text_of(asked)
    assert "广州市" not in text_of(asked)
    answer = come_back(client, phone, shown_code(asked))
    assert (answer.status_code, answer.url) == (302, PATH)
    page = text_of(client.get(PATH))
    shown = re.findall("<li>(.*?)</li>", re.search('class="q-before.*?</ul>', page, re.S)[0])
    assert shown == ["坞城街道", "林学", "务工青年", "18 周岁以上", "广州市", "一周以内"]
    assert "agree_basic" not in page
    done = client.post(PATH, values_in(page) | {"same": "1"})
    assert (done.status_code, done.url) == (302, "/check-in/done/")
    with looking():
        youth = Youth.objects.get(pk=lin.pk)
        assert (youth.organization_id, youth.name, youth.lives_at) == (
            "140105001",
            "林学",
            "广州市",
        )
        assert CheckIn.objects.filter(youth=youth).count() == 1  # this winter's, confirmed


def test_a_fact_is_changed_in_place(lin):
    client = Client()
    come_back(client, lin.phone)
    values = values_in(text_of(client.get(PATH))) | {"lives_at": "深圳市", "stay": "good"}
    assert client.post(PATH, values).url == "/check-in/more/"
    with looking():
        assert Youth.objects.get(pk=lin.pk).lives_at == "深圳市"


@pytest.mark.parametrize("path", [PATH, "/140105002/check-in/"])
def test_a_township_left_blank_stays_what_it_was(lin, path):
    client = Client()
    come_back(client, lin.phone, path=path)
    values = values_in(text_of(client.get(path)))
    assert values["township"] == "140105001"
    client.post(PATH, values | {"township": ""})
    with looking():
        assert Youth.objects.get(pk=lin.pk).organization_id == "140105001"


def test_a_wrong_code_shows_nobody(lin):
    client = Client()
    get_code(client, lin.phone)
    answer = come_back(client, lin.phone, "000000")
    page = text_of(answer)
    assert answer.status_code == 200
    assert "验证码不对" in re.search(r'id="refused".*?</ul>', page, re.S)[0]
    assert "林学" not in page
    # What has not been asked for yet is not wrong.
    assert "请填写姓名" not in page
    assert "林学" not in text_of(client.get(PATH))


def test_a_number_that_nobody_has_goes_on_with_the_form_and_no_second_code(campaign):
    uncounted()
    client, phone = Client(), "13800002009"
    answer = come_back(client, phone)
    assert (answer.status_code, answer.url) == (302, PATH)
    page = text_of(client.get(PATH))
    assert "这个号码还没有报到过" in page
    assert 'name="code"' not in page
    with looking():
        assert not Youth.objects.exists()
    assert client.post(PATH, FORM | {"phone": phone}).url == "/check-in/more/"
    # Of this number alone, in this session alone.
    assert "请填写短信里的" in text_of(Client().post(PATH, FORM | {"phone": phone}))
    other = client.post(PATH, FORM | {"phone": "13800002010"})
    with looking():
        assert Youth.objects.count() == 1
    assert other.status_code in (200, 302)


def test_one_of_a_family_is_asked_who(lin, arrive):
    with_number(arrive("林妹", home="140105").user, lin.phone)
    uncounted()
    answer = come_back(Client(), lin.phone)
    assert answer.url == "/sign-in/who/?next=%2F140105%2Fcheck-in%2F"
