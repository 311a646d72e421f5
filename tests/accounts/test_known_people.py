"""Somebody the portal knows already: one more post, another unit, work taken over, units by name."""

import re

import pytest
from django import forms
from django.test import Client

from qingchun.accounts.actions.invitations import invite, withdraw
from qingchun.accounts.actions.posts import hand_over
from qingchun.accounts.imports import import_people
from qingchun.accounts.models import Invitation, Membership
from qingchun.ground.refusals import Refused
from qingchun.organizations.choices import Role
from qingchun.organizations.fields import UnitField
from qingchun.organizations.finding import UnitFinder
from qingchun.organizations.walls import rls_context
from tests.accounts.desk import asked_again
from tests.accounts.test_people import PHONE, sheet
from tests.conftest import as_owner, auditor, person, uncounted, unit, with_number
from tests.our_forms import our_forms

FORM = {"organization": "迎泽区", "name": "张小店", "phone": PHONE, "role": "editor"}
UNITS = ("organization", "unit", "city", "county", "township")


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


def asks_for_a_unit(name, field):
    """By the name of the field, or in words: an employer is no unit of the League's."""
    return name in UNITS or "代码" in f"{field.label or ''}{field.help_text or ''}"


def test_no_form_asks_for_a_unit_by_its_code():
    """A7: 开通账号 asked for 单位代码, and a secretary had to type 140105001."""
    typed = [
        (form.__name__, name)
        for form in our_forms()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField)
        and not isinstance(field, UnitField)
        and asks_for_a_unit(name, field)
        and form.__name__ != "MeasureForm"  # 场、户、元
    ]
    assert typed == []


@pytest.mark.parametrize(
    ("typed", "code"), [("140105", "140105"), ("xiaodianqu", "140105"), ("Wu Cheng", "140105001")]
)
def test_unit_is_found_by_its_code_and_by_its_pinyin(wang, typed, code):
    assert UnitFinder("1401").find(typed).code == code


def test_spreadsheet_takes_codes_as_well_as_names(wang):
    result = import_people(
        sheet(
            ("小店区", "甲", "13800001111", "干部", "填报员"),
            ("140106", "乙", "13800001112", "干部", "填报员"),
            (140105001, "丙", "13800001113", "干部", "填报员"),
        ),
        actor=wang,
    )
    assert [sent.organization_id for sent in result.invited] == ["140105", "140106", "140105001"]


def test_number_of_somebody_in_ones_own_units_says_whose_it_is_and_asks_first(client, wang, zhang):
    with_number(zhang, PHONE)
    client.force_login(wang)
    page = client.post("/people/invite/", FORM).content.decode()
    assert Invitation.objects.count() == 0
    assert ("张小店" in page, "团小店区委" in page) == (True, True)
    assert f"/people/{zhang.acting.pk}/transfer/" in page
    client.post("/people/invite/", FORM | {"known": PHONE})
    assert Invitation.objects.get().organization_id == "140106"


def test_number_of_a_colleague_says_that_their_role_would_change(client, wang, zhang):
    with_number(zhang, PHONE)
    client.force_login(wang)
    page = client.post("/people/invite/", FORM | {"organization": "小店区"}).content.decode()
    assert "在这个单位已经有岗位" in page
    assert Invitation.objects.count() == 0


def test_number_of_somebody_elsewhere_is_answered_like_any_other(client, wang, zhou):
    with_number(zhou, PHONE)
    client.force_login(wang)
    assert "大同" not in client.post("/people/invite/", FORM).content.decode()
    assert Invitation.objects.count() == 1


def test_number_that_was_only_typed_tells_nobody(client, wang, zhang):
    """What nobody has proved is nobody's: a wrong number would name somebody else."""
    zhang.phone = PHONE
    zhang.save(update_fields=["phone"])
    client.force_login(wang)
    client.post("/people/invite/", FORM)
    assert Invitation.objects.count() == 1


@pytest.fixture
def reviewer(db):
    post = person("colleague", "同事", "1401", Role.REVIEWER).acting
    Membership.objects.filter(pk=post.pk).update(post="宣传部部长", duty="deputy")
    post.refresh_from_db()
    return post


def handed_over(client, left, **form):
    return client.post(f"/people/{left.pk}/hand-over/", form)


def test_hand_over_to_a_colleague_asks_before_their_own_post_changes(client, li, wang, reviewer):
    """A7: a colleague's own title, later their role and reminders, became those that were left."""
    left = Membership.objects.get(user=wang)
    Membership.objects.filter(pk=left.pk).update(role=Role.EDITOR, duty="lead")
    client.force_login(li)
    page = handed_over(client, left, successor=reviewer.pk).content.decode()
    left.refresh_from_db()
    assert left.state == "active"
    assert ("审核员" in page, "填报员" in page) == (True, True)
    handed_over(client, left, successor=reviewer.pk, takes="own")
    reviewer.refresh_from_db()
    left.refresh_from_db()
    assert (left.state, reviewer.role, reviewer.post, reviewer.duty) == (
        "ended", Role.REVIEWER, "宣传部部长", "deputy",
    )  # fmt: skip


def test_colleague_takes_the_role_that_is_left_when_it_is_said(client, li, wang, reviewer):
    left = Membership.objects.get(user=wang)
    Membership.objects.filter(pk=left.pk).update(role=Role.EDITOR, duty="lead")
    client.force_login(li)
    handed_over(client, left, successor=reviewer.pk, takes="left")
    reviewer.refresh_from_db()
    assert (reviewer.role, reviewer.post, reviewer.duty) == (Role.EDITOR, "宣传部部长", "lead")


def test_hand_over_by_a_program_asks_too(li, wang, reviewer):
    with pytest.raises(Refused, match="同事现在是审核员"):
        hand_over(Membership.objects.get(user=wang), actor=li, successor=reviewer)


def test_field_that_promises_names_has_them_on_its_page(client, wang, li):
    """A list that is nowhere on the page offers nothing: the audit's had none."""
    desks = (li, "/people/invite/"), (li, "/messages/log/")
    for who, page in (*desks, (auditor("zheng", "郑审计", "1401", wang, li), "/audit/")):
        client.force_login(who)
        answer = client.get(page)
        text = answer.content.decode()
        assert (answer.status_code, text.count('list="units"')) == (200, 1), page
        assert text.count('<datalist id="units">') == 1, page


# The second post, confirmed by whoever has the number


def offered(wang, sun, **more):
    with_number(sun, PHONE)
    with rls_context(scope="1401", person=wang.pk):
        return invite(
            unit("140105"), actor=wang, phone=PHONE, role=Role.EDITOR, **({"name": "孙迎泽"} | more)
        )


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def waits(client):
    groups = client.get("/today/").context
    rows = [row for group in (*groups["groups"], *groups["undated"]) for row, _ in group["rows"]]
    return [row.url for row in rows if "岗位等您确认" in row.what]


def test_second_post_goes_from_opening_an_account_to_ones_own_page(client, campaign, wang, sun):
    """A7: whoever was known by a number could get no second post but by a link in a message."""
    with_number(sun, PHONE)
    client.force_login(wang)
    form = {"organization": "小店区", "name": "孙迎泽", "phone": PHONE, "role": "editor"}
    client.post("/people/invite/", form)
    if not Invitation.objects.exists():  # of one's own units it is asked first
        client.post("/people/invite/", form | {"known": PHONE})
    own = signed_in(sun)
    (there,) = waits(own)
    page = own.get(there).content.decode()
    assert "共青团太原市小店区委员会" in page
    (path,) = re.findall(r'href="(/me/offers/\d+/)"', page)
    asked_again(own)
    assert "确认任职" in own.get(path).content.decode()
    said = own.post(path, follow=True).content.decode()
    assert "您现在也是共青团太原市小店区委员会的填报员。" in said
    posts = Membership.objects.filter(user=sun).active().order_by("organization")
    assert [post.organization_id for post in posts] == ["140105", "140106"]
    assert waits(own) == []
    assert own.get(path).status_code == 404  # it is taken up once
    own.post("/act-for/", {"organization": "140105"})
    assert "团小店区委" in own.get("/today/").content.decode()


def test_offer_is_shown_to_nobody_else_whatever_they_may_read(wang, sun, zhou, li):
    offer = offered(wang, sun)
    for other in (zhou, li, wang):
        page = signed_in(other)
        assert page.get(f"/me/offers/{offer.pk}/").status_code == 404, other
    brother = person("di", "孙小弟", "140106")
    with_number(brother, PHONE)  # of the same family: it is in another name
    assert signed_in(brother).get(f"/me/offers/{offer.pk}/").status_code == 404
    with rls_context(person=zhou.pk):
        assert not Invitation.objects.exists()
    with rls_context(person=sun.pk):
        assert Invitation.objects.get() == offer


def test_number_that_was_only_typed_is_offered_nothing(wang, sun):
    offer = offered(wang, sun)
    with as_owner() as cursor:
        cursor.execute("UPDATE accounts_user SET phone_proved_mark = NULL, phone_proved_at = NULL")
    own = signed_in(sun)
    assert own.get(f"/me/offers/{offer.pk}/").status_code == 404
    with rls_context(person=sun.pk):
        assert not Invitation.objects.exists()


def test_offer_is_confirmed_by_whoever_shows_again_that_it_is_they(client, wang, sun, winter):
    offer = offered(wang, sun)
    client.force_login(sun)
    path = f"/me/offers/{offer.pk}/"
    for send in (client.get, client.post):
        answer = send(path)
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/reauthenticate/")
    assert Membership.objects.filter(user=sun).count() == 1


def test_offer_that_was_withdrawn_or_is_too_old_waits_no_more(wang, sun, winter):
    offer = offered(wang, sun)
    with rls_context(scope="1401", person=wang.pk):
        withdraw(offer, actor=wang)
    assert waits(signed_in(sun)) == []
    offered(wang, sun)
    assert len(waits(signed_in(sun))) == 1
    winter.shift(9 * 24 * 3600)
    own = signed_in(sun)
    assert waits(own) == []
    assert "等您确认的岗位" not in own.get("/me/").content.decode()
