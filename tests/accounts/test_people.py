from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from qingchun.accounts import actions
from qingchun.accounts.imports import COLUMNS, import_people
from qingchun.accounts.models import AuditEvent, Membership, User
from qingchun.organizations.choices import Role
from qingchun.organizations.refusals import Refused
from reports.models import Plan
from tests.conftest import unit


def sheet(*rows):
    book, body = Workbook(), BytesIO()
    for row in (COLUMNS, *rows):
        book.active.append(row)
    book.save(body)
    return SimpleUploadedFile("a.xlsx", body.getvalue())


def test_admin_opens_an_account_and_the_person_sets_a_password(client, wang):
    client.force_login(wang)
    page = client.post(
        "/people/invite/",
        {"organization": "140105", "name": "新同志", "phone": "13800009999", "role": "editor"},
    )
    link = page.context["links"][0][1]
    assert client.get("/people/").context["page"].rows[-1].user.name == "新同志"
    client.logout()
    path = link.removeprefix("http://testserver")
    assert "新同志，请设置密码" in client.get(path).content.decode()
    weak = client.post(path, {"password": "abc", "again": "abc"})
    assert weak.status_code == 200
    client.post(path, {"password": "Qingchun-2019!", "again": "Qingchun-2019!"})
    signed = client.post(
        "/accounts/login/", {"login": "13800009999", "password": "Qingchun-2019!"}, follow=True
    )
    assert signed.status_code in (200, 404)
    client.logout()
    again = client.get(path, follow=True)
    assert "已经用过或过期" in again.content.decode()


def test_county_admin_cannot_open_an_account_next_door(zhang):
    with pytest.raises(PermissionDenied):
        actions.invite(
            unit("140106"), actor=zhang, name="某", phone="13800008888", role=Role.EDITOR
        )


def test_taken_phone_is_refused_and_nothing_is_half_written(wang):
    actions.invite(unit("140105"), actor=wang, name="甲", phone="13800007777", role=Role.EDITOR)
    before = User.objects.count()
    with pytest.raises(Refused, match="已经有账号"):
        actions.invite(unit("140105"), actor=wang, name="乙", phone="13800007777", role=Role.EDITOR)
    assert User.objects.count() == before


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
    client.post(f"/people/{post.pk}/hand-over/", {"name": "继任", "phone": "13800006666"})
    wang.refresh_from_db()
    assert not wang.is_active
    successor = User.objects.get(name="继任")
    successor.set_password("x")
    successor.save()
    client.force_login(successor)
    assert client.get(f"/plans/{plan.pk}/edit/").status_code == 200
    assert Plan.objects.get(pk=plan.pk).organization_id == "1401"


def test_spreadsheet_right_rows_go_in_and_wrong_ones_say_why(wang):
    result = import_people(
        sheet(
            ("140105", "甲", "13800001111", "干部", "填报员"),
            ("140213", "乙", "13800002222", "干部", "填报员"),
            ("140105", "丙", "12345", "干部", "填报员"),
            ("140105", "丁", "13800001111", "干部", "填报员"),
            ("140105", "戊", "13800003333", "干部", "皇帝"),
        ),
        actor=wang,
    )
    assert [post.user.name for post in result.invited] == ["甲"]
    assert [(row, column) for row, column, _ in result.wrong] == [
        (3, "单位代码"), (4, "手机号"), (5, "手机号"), (6, "角色"),
    ]  # fmt: skip


def test_file_that_is_no_spreadsheet_is_refused(wang):
    with pytest.raises(Refused, match="打不开"):
        import_people(SimpleUploadedFile("a.xlsx", b"not a sheet"), actor=wang)


@pytest.mark.parametrize("people", [1, 3])
def test_list_of_people_costs_the_same_whatever_its_length(
    client, wang, django_assert_num_queries, people
):
    for number in range(people):
        actions.invite(
            unit("140105"), actor=wang, name="某", phone=f"1380000500{number}", role=Role.EDITOR
        )
    client.force_login(wang)
    client.get("/people/")
    with django_assert_num_queries(5):
        client.get("/people/")


def test_phone_is_shown_masked(client, wang):
    actions.invite(unit("140105"), actor=wang, name="甲", phone="13800001111", role=Role.EDITOR)
    client.force_login(wang)
    text = client.get("/people/").content.decode()
    assert "138****1111" in text
    assert "13800001111" not in text


def test_hand_over_to_a_colleague_of_the_unit(li, wang):
    post = actions.invite(
        unit("1401"), actor=li, name="同事", phone="13800004444", role=Role.EDITOR
    )
    actions.hand_over(Membership.objects.get(user=wang), actor=li, successor=post)
    post.refresh_from_db()
    assert post.role == Role.ADMIN


def test_forgotten_password_is_set_anew_by_a_link_from_the_admin(client, wang, zhang):
    client.force_login(wang)
    post = Membership.objects.get(user=zhang)
    page = client.post(f"/people/{post.pk}/reinvite/")
    zhang.refresh_from_db()
    assert not zhang.has_usable_password()
    assert "/accounts/invitation/" in page.context["links"][0][1]
    own = Membership.objects.get(user=wang)
    page = client.post(f"/people/{own.pk}/reinvite/", follow=True)
    assert "自己的密码" in page.content.decode()
    wang.refresh_from_db()
    assert wang.has_usable_password()
