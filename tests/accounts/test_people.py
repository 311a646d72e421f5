import re
from io import BytesIO

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from qingchun.accounts.actions.invitations import invite
from qingchun.accounts.actions.posts import hand_over
from qingchun.accounts.imports import COLUMNS, import_people
from qingchun.accounts.models import AuditEvent, Membership, User
from qingchun.accounts.proving import proved_phone
from qingchun.ground.refusals import Refused
from qingchun.organizations.choices import Role
from reports.papers.models import Plan
from tests.conftest import person, uncounted, unit, with_number


def sheet(*rows):
    book, body = Workbook(), BytesIO()
    for row in (COLUMNS, *rows):
        book.active.append(row)
    book.save(body)
    return SimpleUploadedFile("a.xlsx", body.getvalue())


PHONE, NEW = "13800009999", "Qingchun-2019!"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


def invited(actor, code="140105", phone=PHONE, name="新同志", role=Role.EDITOR, **more):
    """An invitation's path, as the person gets it."""
    sent = invite(unit(code), actor=actor, name=name, phone=phone, role=role, **more)
    return sent.link.removeprefix(settings.SITE_URL)


def prove_number(client, path):
    code = re.search(
        r"验证码是 <b>(\d{6})</b>", client.post(path, {"send": "1"}, follow=True).content.decode()
    )
    return client.post(path, {"code": code[1]})


def take_up(client, path, **values):
    """Open an invitation, prove the number, take the post."""
    prove_number(client, path)
    return client.post(path, {"password": NEW, "again": NEW} | values, follow=True)


def test_cadre_is_invited_proves_the_number_and_sets_a_password(client, wang):
    client.force_login(wang)
    form = {"organization": "小店区", "name": "新同志", "phone": PHONE, "role": "editor"}
    page = client.post("/people/invite/", form)
    path = page.context["sent"][0].link.removeprefix(settings.SITE_URL)
    assert User.objects.filter(name="新同志").count() == 0
    assert "新同志" in client.get("/people/").content.decode()
    client.logout()
    prove_number(client, path)
    assert client.post(path, {"password": "abc", "again": "abc"}).status_code == 200
    client.post(path, {"password": NEW, "again": NEW})
    user = User.objects.get(name="新同志")
    assert (proved_phone(user), user.memberships.get().organization_id) == (PHONE, "140105")
    signed = client.post("/accounts/login/", {"login": PHONE, "password": NEW})
    assert signed.status_code == 302
    client.logout()
    again = client.get(path, follow=True)
    assert "已经用过、撤回或过期" in again.content.decode()


def test_county_admin_cannot_invite_next_door(zhang):
    with pytest.raises(PermissionDenied):
        invite(unit("140106"), actor=zhang, name="某", phone="13800008888", role=Role.EDITOR)


def test_admin_suspends_and_restores(client, wang, zhang):
    client.force_login(wang)
    post = Membership.objects.get(user=zhang)
    client.post(f"/people/{post.pk}/suspend/")
    post.refresh_from_db()
    assert post.state == "suspended"
    client.post(f"/people/{post.pk}/restore/")
    post.refresh_from_db()
    assert post.state == "active"
    assert [e.verb for e in AuditEvent.objects.filter(organization_id="140105")] == [
        "停用账号", "恢复账号",
    ]  # fmt: skip


def test_nobody_suspends_themselves(client, wang):
    client.force_login(wang)
    post = Membership.objects.get(user=wang)
    page = client.post(f"/people/{post.pk}/suspend/", follow=True)
    assert "不能停用或交接自己" in page.content.decode()


def test_hand_over_leaves_drafts_and_duties_to_the_next_person(client, li, wang, plan):
    client.force_login(li)
    post = Membership.objects.get(user=wang)
    page = client.get(f"/people/{post.pk}/hand-over/")
    assert [(duty.label, duty.count) for duty in page.context["duties"]] == [
        ("实施方案，正在起草或退回修改", 1)
    ]
    page = client.post(f"/people/{post.pk}/hand-over/", {"name": "继任", "phone": "13800006666"})
    wang.refresh_from_db()
    assert not wang.is_active
    take_up(Client(), page.context["sent"][0].link.removeprefix(settings.SITE_URL))
    successor = User.objects.get(name="继任")
    assert successor.memberships.get().role == Role.ADMIN
    client.force_login(successor)
    assert client.get(f"/plans/{plan.pk}/edit/").status_code == 200
    assert Plan.objects.get(pk=plan.pk).organization_id == "1401"


def test_spreadsheet_right_rows_go_in_and_wrong_ones_say_why(wang):
    result = import_people(
        sheet(
            ("小店区", "甲", "13800001111", "干部", "填报员"),
            ("平城区", "乙", "13800002222", "干部", "填报员"),
            ("太原市小店区", "丙", "12345", "干部", "填报员"),
            ("xdq", "丁", "13800001111", "干部", "填报员"),
            ("小店区", "戊", "13800003333", "干部", "皇帝"),
        ),
        actor=wang,
    )
    assert [(sent.name, sent.organization_id) for sent in result.invited] == [
        ("甲", "140105"), ("丁", "140105"),
    ]  # fmt: skip
    assert [(row, column) for row, column, _ in result.wrong] == [
        (3, "单位"), (4, "手机号"), (6, "角色"),
    ]  # fmt: skip


def test_file_that_is_no_spreadsheet_is_refused(wang):
    with pytest.raises(Refused, match="打不开"):
        import_people(SimpleUploadedFile("a.xlsx", b"not a sheet"), actor=wang)


@pytest.mark.parametrize("people", [1, 3])
def test_list_of_people_costs_the_same_whatever_its_length(
    client, wang, django_assert_num_queries, people
):
    for number in range(people):
        cadre = person(f"cadre{number}", "某", "140105")
        with_number(cadre, f"1380000500{number}")
        invited(wang, phone=f"1380000510{number}")
    client.force_login(wang)
    client.get("/people/")
    with django_assert_num_queries(6):
        client.get("/people/")


def test_phone_is_shown_masked(client, wang, zhang):
    with_number(zhang, "13800001111")
    invited(wang, phone="13800001112")
    client.force_login(wang)
    text = client.get("/people/").content.decode()
    assert ("138****1111" in text, "138****1112" in text) == (True, True)
    assert ("13800001111" in text, "13800001112" in text) == (False, False)


def test_hand_over_to_a_colleague_keeps_the_colleagues_own_title(li, wang):
    colleague = person("colleague", "同事", "1401", Role.EDITOR)
    post = colleague.acting
    Membership.objects.filter(pk=post.pk).update(post="宣传部部长")
    Membership.objects.filter(user=wang).update(post="基层部部长")
    post.refresh_from_db()
    hand_over(Membership.objects.get(user=wang), actor=li, successor=post, takes="left")
    post.refresh_from_db()
    assert (post.role, post.post) == (Role.ADMIN, "宣传部部长")


def test_forgotten_password_is_set_anew_by_a_link(client, wang, zhang):
    client.force_login(wang)
    post = Membership.objects.get(user=zhang)
    page = client.post(f"/people/{post.pk}/password/")
    zhang.refresh_from_db()
    assert not zhang.has_usable_password()
    path = page.context["link"].removeprefix(settings.SITE_URL)
    other = Client()
    assert "张小店，请设置密码" in other.get(path).content.decode()
    other.post(path, {"password": NEW, "again": NEW})
    assert other.post("/accounts/login/", {"login": "zhang", "password": NEW}).status_code == 302
    assert "已经用过或过期" in other.get(path, follow=True).content.decode()
    own = Membership.objects.get(user=wang)
    page = client.post(f"/people/{own.pk}/password/", follow=True)
    assert "自己的密码" in page.content.decode()
    wang.refresh_from_db()
    assert wang.has_usable_password()
