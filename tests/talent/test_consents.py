"""Nothing is agreed to whose text is not beside it; what is taken back leaves nothing."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template

from qingchun.accounts.models import User
from qingchun.operations.doctor import setup
from talent.youth.actions import consents
from talent.youth.choices import ConsentPurpose
from talent.youth.forms.consent import ConsentField
from talent.youth.models import Consent, ConsentText, Youth
from talent.youth.texts import told_by_settings
from tests.looking import looking
from tests.our_forms import our_forms
from tests.talent.conftest import FORM, MOTHER, PHONE, check_in_by_phone, get_code, shown_code

TEMPLATES = Path(settings.BASE_DIR) / "templates"


def text_of(response):
    return response.content.decode()


def given(**by):
    with looking():
        return {c.purpose: c for c in Consent.objects.filter(withdrawn_at=None, **by)}


# The text is beside it, everywhere

# Boxes that say 同意 and are no consent to a text of ours.
OTHERWISE = {
    ("AskForm", "agree_family"): "their word that the family has agreed, below the text that says so",
    ("DoorForm", "agree_messages"): "ticked off a signed paper, which holds the texts",
    ("DoorForm", "agree_pool"): "ticked off a signed paper, which holds the texts",
    **{
        (form, "guardian_near"): "the parent's word, below the text"
        for form in ("CheckInForm", "MoreForm", "ConsentForm", "VoiceForm", "GuardianForm",
                     "JoinForm", "WishForm", "EveningForm", "WorkForm", "WantForm", "WatchForm")
    },
}  # fmt: skip


def boxes():
    """(form, name, field) of every box of every form of ours that speaks of agreeing."""
    for form in our_forms():
        for name, field in form.base_fields.items():
            speaks = name.startswith("agree") or "同意" in f"{field.label}"
            if isinstance(field, forms.BooleanField) and speaks:
                yield form, name, field


def test_no_form_asks_for_a_consent_but_with_its_text():
    bare = {
        (form.__name__, name)
        for form, name, field in boxes()
        if not isinstance(field, ConsentField)
    }
    assert bare == set(OTHERWISE)


# Templates that write 同意 on a button or a box, and hold what is agreed to without {% consent %}.
SHOWN_OTHERWISE = {
    "events/_my_evening.html": "that the other sees name and number: the sentence above it",
    "talent/pool/record.html": "home writes down a paper that was signed",
}
BUTTON = re.compile(r"<button\b(?:{%.*?%}|{{.*?}}|[^>])*>(.*?)</button>", re.S)
BY_HAND = re.compile(r"""{% tick [^%]*同意|{% tick [^%]*name="agree|<input[^>]*name="agree""", re.S)


def test_no_template_writes_a_consent_by_hand():
    found = set()
    for path in TEMPLATES.rglob("*.html"):
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(TEMPLATES))
        buttons = [said for said in BUTTON.findall(text) if re.search("(?<!不)同意", said)]
        gives = 'name="give"' in text
        if BY_HAND.search(text) or ((buttons or gives) and "{% consent " not in text):
            found.add(name)
    assert found == set(SHOWN_OTHERWISE)


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", ConsentPurpose.values)
def test_box_is_drawn_with_all_of_its_text_and_sends_its_version(purpose):
    form = forms.Form()
    form.fields["agree"] = ConsentField(purpose, "我同意")
    page = Template("{% field form.agree %}").render(Context({"form": form}))
    text = consents.current_texts()[purpose]
    for line in text.lines:
        assert f"<p>{line}</p>" in page
    assert f"<p>第 {text.version} 版</p>" in page
    assert f'value="{text.version}"' in page
    assert "checked" not in page


@pytest.mark.django_db
def test_texts_do_not_break_where_the_source_did():
    """Of every version there ever was: a paragraph ends with a sentence."""
    broken = [
        line
        for text in ConsentText.objects.all()
        for line in text.lines
        if line[-1] not in "。；："
    ]
    assert broken == []
    assert ConsentText.objects.get(purpose="messages").text.count("\n") == 1


def test_version_that_was_replaced_meanwhile_is_shown_before_it_is_agreed_to(
    campaign, li, phone_desk
):
    check_in_by_phone(phone_desk)
    page = text_of(phone_desk.get("/my/consents/pool/"))
    (seen,) = re.findall(r'name="agree"[^>]*value="(\d+)"', page) or re.findall(
        r'value="(\d+)"[^>]*name="agree"', page
    )
    consents.publish_text(ConsentPurpose.POOL, actor=li, text="新的同意书。")
    answer = text_of(phone_desk.post("/my/consents/pool/", {"give": "1", "agree": seen}))
    assert "刚刚换了新的一版" in answer
    assert "新的同意书。" in answer
    assert "pool" not in given()
    phone_desk.post("/my/consents/pool/", {"give": "1", "agree": str(int(seen) + 1)})
    assert given()["pool"].version == int(seen) + 1


def test_consent_is_not_given_by_the_button_alone(campaign, phone_desk):
    check_in_by_phone(phone_desk)
    page = text_of(phone_desk.post("/my/consents/messages/", {"give": "1"}))
    assert "请先看过再勾选" in page
    assert "messages" not in given()


def test_what_was_agreed_to_is_read_as_it_was(campaign, li, phone_desk):
    check_in_by_phone(phone_desk, agree_messages="on")
    consents.publish_text(ConsentPurpose.MESSAGES, actor=li, text="第二份。")
    page = text_of(phone_desk.get("/my/consents/messages/"))
    assert "您在" in page
    assert "家乡团组织可以给我发发展资讯" in page
    assert "现在是新的一版" in page
    assert "第二份。" in page
    phone_desk.post("/my/consents/messages/", {"give": "1", "agree": "on"})
    page = text_of(phone_desk.get("/my/consents/messages/"))
    assert "家乡团组织可以给我发发展资讯" not in page
    assert "现在是新的一版" not in page
    assert "确定撤回吗" not in text_of(phone_desk.get("/my/consents/basic/"))


# Age

TEEN = {"age": "teen"}


def test_refused_age_does_not_pass_on_the_same_form(campaign, phone_desk):
    code = shown_code(get_code(phone_desk))
    form = FORM | {"phone": PHONE, "code": code}
    refused = phone_desk.post("/140105/check-in/", form | {"age": "child"})
    assert refused.url == "/140105/"
    page = text_of(phone_desk.get("/140105/"))
    assert "data-done" in page  # by which the device forgets what was typed
    assert "陈返乡" not in page
    for age in ("teen", "adult"):
        for more in ({}, {"name": "陈 返乡"}, {"code": code}):
            again = phone_desk.post("/140105/check-in/", form | MOTHER | {"age": age} | more)
            assert again.url == "/140105/"
    # Whoever comes next on this device needs a code of their own.
    other = form | {"name": "陈大哥"}
    assert "请先点“获取验证码”" in text_of(phone_desk.post("/140105/check-in/", other))
    with looking():
        assert not Youth.objects.exists()
        assert not User.objects.filter(youth=None, memberships=None).exists()


def test_child_s_number_goes_to_no_gateway(campaign, phone_desk):
    answer = get_code(phone_desk, age="child", name="陈小")
    assert answer.redirect_chain[-1][0] == "/140105/"
    assert "phone_code" not in phone_desk.session


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({}, "填上家长的姓名和是您的什么人"),
        ({"guardian_name": "陈妈妈"}, "填上家长的姓名和是您的什么人"),
        ({"guardian_name": "陈妈妈", "guardian_is": "mother"}, "请填家长的手机号"),
    ],
)
def test_somebody_of_14_to_17_needs_the_word_of_a_guardian(campaign, phone_desk, said, problem):
    assert problem in text_of(check_in_by_phone(phone_desk, **TEEN, **said))
    assert given() == {}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (MOTHER, "陈妈妈（母亲），就在身边"),
        (
            {"guardian_name": "陈爸", "guardian_is": "father", "guardian_phone": "13800002002"},
            "陈爸（父亲），13800002002",
        ),
    ],
)
def test_word_of_a_guardian_is_kept_with_each_consent(campaign, phone_desk, said, kept):
    check_in_by_phone(phone_desk, **TEEN, **said, agree_messages="on")
    phone_desk.post("/check-in/more/", {"wants": ["pool"], "agree_pool": "on"})
    assert "pool" not in given()
    phone_desk.post("/check-in/more/", {"wants": ["pool"], "agree_pool": "on"} | said)
    assert {c.guardian for c in given().values()} == {kept}
    assert set(given()) == {"basic", "messages", "pool"}
    assert phone_desk.get("/my/data.json").json()["同意"][0]["家长"] == kept


def test_nothing_is_asked_of_a_guardian_of_somebody_of_age(campaign, phone_desk):
    check_in_by_phone(phone_desk)
    assert "guardian" not in text_of(phone_desk.get("/check-in/more/"))
    assert "guardian" not in text_of(phone_desk.get("/my/consents/pool/"))
    assert given()["basic"].guardian == ""


def test_no_action_takes_a_consent_of_a_minor_alone(arrive):
    with pytest.raises(consents.Refused, match="家长"):
        arrive(age="teen")


# The notice


SAID = {
    "PRIVACY_CONTACT": "团省委网信处 0351-0000000", "PRIVACY_COMPLAINTS": "省委网信办 0351-0000001",
    "HOSTING_COMPANY": "山西某云公司", "SMS_COMPANY": "某短信公司", "LOGS_KEPT_DAYS": 190,
    "WEIXIN_APP_ID": "wx",
}  # fmt: skip


@pytest.mark.django_db
def test_notice_says_what_is_set_and_invents_nothing(settings):
    for name in SAID:
        setattr(settings, name, "")
    assert told_by_settings().count("\n") == 0  # what the device keeps is always known
    for name, value in SAID.items():
        setattr(settings, name, value)
    said = told_by_settings()
    for value in (*(v for v in SAID.values() if v != "wx"), "微信", "7 天"):
        assert str(value) in said


@pytest.mark.django_db
def test_what_is_set_otherwise_is_a_version_of_its_own(settings, client):
    consents.say_what_is_set()
    before = consents.current_texts()["basic"]
    consents.say_what_is_set()
    assert consents.current_texts()["basic"].version == before.version
    settings.PRIVACY_CONTACT = SAID["PRIVACY_CONTACT"]
    consents.say_what_is_set()
    newest = consents.current_texts()["basic"]
    assert (newest.version, newest.text) == (before.version + 1, before.text)
    assert SAID["PRIVACY_CONTACT"] in text_of(client.get("/privacy/"))
    before.refresh_from_db()
    assert SAID["PRIVACY_CONTACT"] not in before.facts


def test_doctor_asks_for_what_the_notice_cannot_say(settings):
    settings.EMBEDDED, settings.CODES_ARE_SENT = False, True
    for name in setup.NOTICE:
        setattr(settings, name, "")
    (found,) = setup.notice()
    assert all(name in found.text for name in setup.NOTICE)
    for name, value in SAID.items():
        setattr(settings, name, value)
    (found,) = setup.notice()
    assert found.text == "告知书里该写的都写了。"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/sign-in/", "/140105/check-in/"])
def test_before_the_first_code_it_is_said_where_the_number_goes(client, campaign, page):
    said = text_of(client.get(page))
    main = said.split("<main", 1)[1]
    assert "手机号要交给短信公司" in main
    assert 'href="/privacy/"' in main
