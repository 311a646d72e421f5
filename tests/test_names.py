"""A name is taken as its person writes it; what is none is refused in words that can be read."""

import pytest
from django import forms

from qingchun.ground.fields import NameField
from qingchun.ground.names import name_of
from services.events.actions.evenings import avoid_mark
from talent.pool.imports import cells
from tests.our_forms import our_forms


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
        ("买" * 14 + "·" + "提" * 15, "买" * 14 + "·" + "提" * 15),
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
    spaced = "\u200b".join("李" * 30)
    assert NameField().clean(spaced) == "李" * 30
    with pytest.raises(forms.ValidationError, match="姓名最多 30 个字"):
        NameField().clean("李" * 31)


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
