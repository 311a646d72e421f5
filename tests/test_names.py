"""A name is taken as its person writes it; what is none is refused in words that can be read."""

import re

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.test import Client

from qingchun.accounts.models import User
from qingchun.ground.fields import DROPPED, NameField
from qingchun.ground.names import LONGEST_NAME, name_of
from qingchun.ground.sealed_fields import Sealed
from services.events.actions.evenings import avoid_mark
from talent.pool.imports import cells
from talent.youth.models import Question, Reply, Youth
from tests.conftest import uncounted
from tests.looking import looking
from tests.our_forms import our_forms
from tests.talent.conftest import check_in_by_phone, group  # noqa: F401

# Eight parts of one person, as an identity card of theirs has them.
LATIN = "Maria Fernanda de los Angeles Gutierrez-Rodriguez"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("李〇", "李〇"),
        ("𠮷䶮·阿依古丽", "𠮷䶮·阿依古丽"),
        ("古丽米热·阿卜杜热合曼·买买提", "古丽米热·阿卜杜热合曼·买买提"),
        ("々木", "々木"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("李\U0003134f", "李\U0003134f"),  # newer than the tables of characters we have
        ("李\ue000", "李\ue000"),  # of an old identity card's font, with no other place yet
        ("O'Brien", "O'Brien"),
        ("Mary J. Smith-Li", "Mary J. Smith-Li"),
        ("买" * 24 + "·" + "提" * 25, "买" * 24 + "·" + "提" * 25),
        (LATIN, LATIN),
    ],
)
def test_real_name_is_kept_as_it_is_written(typed, kept):
    assert name_of(typed) == (kept, "")
    assert NameField().clean(typed) == kept
    assert cells.name(typed)[0] == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("O’Brien", "O'Brien"),
        ("买买提•艾力", "买买提·艾力"),
        ("阿依古丽･买买提", "阿依古丽·买买提"),
        ("阿依古丽﹒买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("张　三", "张三"),
        ("李 〇", "李〇"),
        ("⽅正", "方正"),  # pasted from a PDF
        ("Ａｎｎａ Ｌｉ", "Anna Li"),
        ("李\ue863", "李䶮"),  # where old fonts had it
    ],
)
def test_one_name_in_several_hands_is_one_name(typed, kept):
    assert name_of(typed) == (kept, "")


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\ufeff", "\u2060", "\u3164", "\x00"])
def test_what_was_pasted_and_cannot_be_seen_is_dropped(hidden):
    assert name_of(f"李{hidden}四{hidden}") == ("李四", "")
    name, problem = name_of(f"{hidden}4号")
    assert (name, problem) == ("", "姓名里有不能用的符号“4”，请去掉。")


@pytest.mark.parametrize("typed", ["·", "-", "...", "'", "· -", "\u200b"])
def test_signs_alone_are_no_name(typed):
    assert name_of(typed) == ("", "姓名不能只有符号，请填写姓名。")


@pytest.mark.parametrize("typed", ["小明😀", "李1", "李*", "<b>李</b>", "张_三", "王○"])
def test_sign_that_no_name_has_is_named(typed):
    assert name_of(typed)[1].startswith("姓名里有不能用的符号“")


@pytest.mark.parametrize("typed", ["小\U0001fae8", "李\ud800"])
def test_sign_that_cannot_be_shown_is_not_shown(typed):
    assert name_of(typed) == ("", "姓名里有显示不出来的符号，请去掉。")


def test_name_is_as_long_as_its_field_once_it_is_clean():
    spaced = "\u200b".join("李" * LONGEST_NAME)
    assert NameField().clean(spaced) == "李" * LONGEST_NAME
    said = f"姓名最多 {LONGEST_NAME} 个字，现在有 {LONGEST_NAME + 1} 个"
    with pytest.raises(forms.ValidationError, match=said):
        NameField().clean("李" * (LONGEST_NAME + 1))


# Who did it, of whom it is, who answers for it: what a column of a person's name is called.
CALLED = re.compile("(姓名|人|代办员|负责人|称呼|免交)$")
# Nobody's name, or what people call themselves for everybody to read.
OTHERS = {
    "reports.Voice.called", "proxy.ServiceItem.confirmed_by",
    "campaigns.EditionActivity.run_by",
}  # fmt: skip


def test_every_column_of_a_name_takes_the_longest():
    """One that does not answers a real name with an error of the database."""
    short = {
        f"{model._meta.label}.{field.name}": field.max_length
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField) and not isinstance(field, Sealed)
        if CALLED.search(str(field.verbose_name)) and not field.choices
        if field.max_length < LONGEST_NAME
    }
    assert {label: most for label, most in short.items() if label not in OTHERS} == {}


def test_longest_name_goes_through_a_check_in_and_an_answer(campaign, group, zhang):  # noqa: F811
    """Of the person, and of the cadre who answers, whose name stands behind the unit's."""
    uncounted()
    with looking():
        User.objects.filter(pk=zhang.pk).update(name="提" * LONGEST_NAME)
    long, client, desk = "买" * LONGEST_NAME, Client(), Client()
    assert check_in_by_phone(client, name=long).url == "/check-in/more/"
    client.post("/my/questions/", {"kind": "consult", "text": "身份证在哪里补办？"})
    desk.force_login(User.objects.get(pk=zhang.pk))
    with looking():
        question = Question.objects.get()
        assert Youth.objects.get().name == long
    desk.post(f"/inquiries/{question.pk}/steps/answer/", {"text": "到大厅。"})
    with looking():
        assert Reply.objects.get(text="到大厅。").by_name == "团小店区委 " + "提" * LONGEST_NAME
    page = client.get("/my/").content.decode()
    assert long in page


@pytest.mark.parametrize(("typed", "is_told"), [("陈\u200b返乡\ufeff", True), ("陈 返乡", False)])
def test_page_that_follows_says_that_something_unseen_was_dropped(campaign, group, typed, is_told):  # noqa: F811
    """Not an error, and nothing where it was a blank that anybody sees."""
    uncounted()
    client = Client()
    assert check_in_by_phone(client, name=typed).url == "/check-in/more/"
    page = client.get("/check-in/more/").content.decode()
    assert (DROPPED in page) == is_told
    assert DROPPED not in client.get("/check-in/more/").content.decode()  # once
    with looking():
        assert Youth.objects.get().name == "陈返乡"


def test_refused_form_says_what_is_wrong_and_no_more(campaign, group):  # noqa: F811
    uncounted()
    page = check_in_by_phone(Client(), name="陈\u200b返乡", lives_at="").content.decode()
    assert "is-invalid" in page
    assert DROPPED not in page


def test_every_form_takes_a_persons_name_the_same_way():
    found = {
        f"{form.__name__}.{name}"
        for form in our_forms()
        for name, field in form.base_fields.items()
        if "姓名" in str(field.label) and not isinstance(field, (NameField, forms.BooleanField))
    }
    assert found == set()


def test_somebody_to_be_kept_apart_is_known_by_whichever_dot_was_typed():
    assert avoid_mark(1, "买买提•艾力") == avoid_mark(1, "买买提·艾力")
    assert avoid_mark(1, "买买提·艾力") != avoid_mark(1, "买买提")
