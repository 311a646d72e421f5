"""Each fact of the table is asked, kept, shown to home and to oneself, corrected and taken along."""

import pytest
from django.test import Client

from talent.youth.choices import YouthType
from talent.youth.facts import PERSON, VISIT
from talent.youth.models import CheckIn, Youth
from tests.looking import looking
from tests.talent.conftest import check_in_by_phone

# What the portal notes itself, or asks in a way of its own.
NO_FACTS = {
    Youth: {"id", "user", "organization", "phone", "phone_mark", "made_at", "active_at"},
    CheckIn: {
        "id", "youth", "campaign", "organization", "county", "kind", "wants", "source", "by_name",
        "at",
    },
}  # fmt: skip


def telling(model, fact):
    """(what is typed for it, how people read it): nothing else on a page says the same."""
    column = model._meta.get_field(fact.name)
    if fact.name == "name":
        return "陈说明", "陈说明"
    if fact.name == "age":
        return "adult", "18 周岁以上"
    return column.choices[0] if column.choices else (f"说{fact.name}", f"说{fact.name}")


SAID = {fact.name: telling(model, fact) for model in (Youth, CheckIn) for fact in model.facts}


@pytest.mark.parametrize("model", NO_FACTS)
def test_each_column_that_somebody_fills_in_is_a_fact(model):
    columns = {field.name for field in model._meta.concrete_fields}
    assert columns - NO_FACTS[model] == {fact.name for fact in model.facts}


def test_facts_are_asked_once_kept_shown_and_taken_along(campaign, zhang, phone_desk):
    typed = {name: value for name, (value, _) in SAID.items()}
    first = {fact.name for fact in (*PERSON, *VISIT) if fact.step == 1}
    more = set(typed) - first
    check_in_by_phone(phone_desk, **{name: typed[name] for name in first})
    page = phone_desk.get("/check-in/more/").content.decode()
    assert [name for name in more if f'name="{name}"' not in page] == []
    phone_desk.post("/check-in/more/", {name: typed[name] for name in more})
    with looking():
        youth, visit = Youth.objects.get(), CheckIn.objects.get()
    kept = {f.name: getattr(youth, f.name) for f in PERSON}
    assert kept | {f.name: getattr(visit, f.name) for f in VISIT} == typed

    home = Client()
    home.force_login(zhang)
    for page in (phone_desk.get("/my/"), home.get(f"/youth/{youth.pk}/")):
        text = page.content.decode()
        assert [shown for _, shown in SAID.values() if shown not in text] == []
    # Whoever comes back finds it on both forms and under 更正.
    again = phone_desk.get("/140105/check-in/").context["form"]
    assert [f.name for f in PERSON if f.step == 1 and again[f.name].value() != typed[f.name]] == []
    again = phone_desk.get("/check-in/more/").context["form"]
    assert [name for name in more if again[name].value() != typed[name]] == []
    corrected = phone_desk.get("/my/correct/").context["form"]
    assert [bound.name for bound in corrected.questions()] == [
        fact.name for fact in PERSON if fact.can_be_corrected
    ]
    taken = phone_desk.get("/my/data.json").json()
    everything = taken["基本信息"] | taken["报到"][0]
    assert [shown for _, shown in SAID.values() if shown not in everything.values()] == []


@pytest.mark.parametrize("kind", YouthType.values)
def test_more_is_asked_of_whom_it_is_about_and_folded_for_the_others(campaign, phone_desk, kind):
    check_in_by_phone(phone_desk, kind=kind)
    form = phone_desk.get("/check-in/more/").context["form"]
    studies = ["school", "major"]
    first, folded = (studies, ["trade"]) if kind == YouthType.STUDENT else (["trade"], studies)
    assert [bound.name for bound in form.first()][: len(first)] == first
    assert [bound.name for bound in form.folded()] == folded
