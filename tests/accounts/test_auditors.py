"""An auditor reads what the others did, and nothing else; two appoint them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingchun.accounts import chain
from qingchun.accounts.actions import auditors, invitations, posts
from qingchun.accounts.audit import CLAIMED, record_event, write_failure
from qingchun.accounts.credential_models import ApiToken
from qingchun.accounts.models import AuditEvent, Membership
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.access import declared
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import PROVINCE, acting
from qingchun.roles import JOBS
from tests import test_access
from tests.accounts.test_people import invited, take_up
from tests.conftest import PASSWORD, as_role, auditor, person, uncounted, unit, with_number
from tests.test_access import our_routes, url_for
from tests.test_walls import unpacked

cast, world = test_access.cast, test_access.world


@pytest.fixture
def liu(db):
    """刘审计: an editor of Xiaodian who is to become its auditor."""
    return person("liu", "刘审计", "140105", Role.EDITOR)


@pytest.fixture
def zheng(li, wang):
    """郑审计: auditor of Taiyuan, appointed by the city and the province."""
    return auditor("zheng", "郑审计", "1401", wang, li)


def reader(user):
    client = Client()
    client.force_login(user)
    return client


def read(user, url="/audit/"):
    response = reader(user).get(url)
    assert response.status_code == 200
    return response


def verbs(response):
    return [line.event.verb for line in response.context["lines"]]


# Appointed by two


def test_one_names_and_another_agrees(client, zhang, wang, liu):
    post = Membership.objects.get(user=liu)
    client.force_login(zhang)
    client.post(f"/people/{post.pk}/propose-auditor/")
    post.refresh_from_db()
    assert (post.role, post.state) == ("auditor", "suspended")
    page = client.post(f"/people/{post.pk}/confirm-auditor/", follow=True)
    assert "提名的人不能确认" in page.content.decode()
    client.post(f"/people/{post.pk}/restore/")
    post.refresh_from_db()
    assert post.state == "suspended"
    client.force_login(wang)
    assert "确认任审计员" in client.get(f"/people/{post.pk}/").content.decode()
    client.post(f"/people/{post.pk}/confirm-auditor/")
    post.refresh_from_db()
    assert (post.state, post.proposed_by, post.confirmed_by) == ("active", zhang, wang)
    assert [e.verb for e in AuditEvent.objects.order_by("pk")] == ["提名审计员", "确认审计员"]


def test_county_agrees_to_whom_the_city_has_named(client, wang, zhang, liu):
    auditors.propose(liu.acting, actor=wang)
    client.force_login(zhang)
    client.post(f"/people/{liu.acting.pk}/confirm-auditor/")
    liu.acting.refresh_from_db()
    assert (liu.acting.state, liu.acting.confirmed_by_id) == ("active", zhang.pk)


def test_database_keeps_an_auditor_of_one_administrators_making_out(zhang, liu):
    with pytest.raises(IntegrityError, match="appointed_by_two"), transaction.atomic():
        Membership.objects.filter(user=liu).update(
            role=Role.AUDITOR, proposed_by=zhang, confirmed_by=zhang
        )


def test_administrator_next_door_agrees_to_nothing(zhang, sun, liu):
    post = Membership.objects.get(user=liu)
    auditors.propose(post, actor=zhang)
    with pytest.raises(PermissionDenied):
        auditors.confirm(post, actor=sun)


def test_nobody_becomes_their_own_auditor(zhang, wang):
    with pytest.raises(Refused, match="上级管理员"):
        auditors.propose(Membership.objects.get(user=zhang), actor=zhang)


def test_what_an_editor_could_do_ends_when_they_are_named(client, zhang, liu):
    post = Membership.objects.get(user=liu)
    assert client.login(username="liu", password=PASSWORD)
    auditors.propose(post, actor=zhang)
    assert not ApiToken.objects.working().filter(membership=post).exists()
    assert client.get("/activities/").status_code in (302, 403)


def test_auditors_post_is_not_handed_over_moved_or_given_by_invitation(zheng, wang, li, zhou):
    post = Membership.objects.get(user=zheng)
    with pytest.raises(Refused, match="不交接"):
        posts.hand_over(post, actor=li, name="新", phone="13800001111")
    with pytest.raises(Refused, match="不交接"):
        posts.transfer(post, unit("1402"), actor=li)
    with pytest.raises(Refused, match="不交接"):
        posts.hand_over(Membership.objects.get(user=wang), actor=li, successor=post)
    with pytest.raises(Refused, match="不安排提醒"):
        posts.assign_duty(post, actor=li, duty="lead")
    with pytest.raises(Refused, match="不能直接邀请"):
        invitations.invite(
            unit("1401"), actor=wang, name="新", phone="13800001111", role=Role.AUDITOR
        )


def test_dismissed_auditor_reads_no_more(zheng, li):
    auditors.dismiss(Membership.objects.get(user=zheng), actor=li)
    assert reader(zheng).get("/audit/").status_code in (302, 403)


# Reads logs and nothing else


def test_auditor_opens_the_desk_and_no_other_page_of_the_portal(world, zheng):
    client, opened = Client(raise_request_exception=False), set()
    client.force_login(zheng)
    for path, name, callback in our_routes():
        rule = declared(callback, name)
        if rule.public or rule.signed_in or rule.closed:
            continue
        with transaction.atomic():
            response = client.get(url_for(path, name, world))
            transaction.set_rollback(True)
        if response.status_code != 403:
            opened.add(name)
    assert opened == {"accounts:audit", "accounts:audit_export"}


def test_auditor_lands_on_the_desk_and_is_offered_nothing_else(zheng, campaign):
    response = reader(zheng).get("/", follow=True)
    assert response.redirect_chain[-1][0] == "/audit/"
    page = response.content.decode()
    assert page.count('aria-current="page"') == 2  # the columns above and below
    assert "/activities/" not in page
    assert "/people/" not in page


def test_auditor_is_offered_no_key_for_programs(zheng):
    assert "接口密钥</h2>" not in reader(zheng).get("/me/").content.decode()


def test_auditor_of_two_posts_changes_between_them(zheng, campaign):
    Membership.objects.create(user=zheng, organization=unit("1402"), role=Role.EDITOR)
    client = reader(zheng)
    client.post("/act-for/", {"organization": "1402"})
    assert client.get("/activities/").status_code == 200
    assert client.get("/audit/").status_code == 403
    client.post("/act-for/", {"organization": "1401"})
    assert client.get("/audit/").status_code == 200


def test_nobody_but_an_auditor_reads_the_log(li, wang, zhang):
    for user in (li, wang, zhang):
        assert reader(user).get("/audit/").status_code == 403


def test_auditor_sees_their_own_unit_and_those_below_alone(zheng, zhang, zhou, li):
    for user in (zhang, zhou, li):
        record_event(user, f"{user.name}办", user.acting)
    seen = [verb for verb in verbs(read(zheng)) if verb.endswith("办")]
    assert seen == ["张小店办"]


# Finding


def test_auditor_finds_by_unit_person_kind_and_day(winter, zheng, zhang, sun):
    record_event(zhang, "查看人才", zhang.acting)
    record_event(sun, "登记活动", sun.acting)
    write_failure("zhang")
    client = reader(zheng)
    assert verbs(client.get("/audit/?unit=小店区")) == ["登录失败", "查看人才"]
    assert verbs(client.get("/audit/?unit=yzq")) == ["登记活动"]
    assert verbs(client.get("/audit/?person=张小店")) == ["登录失败", "查看人才"]
    assert verbs(client.get("/audit/?kind=read")) == ["查看人才"]
    assert verbs(client.get("/audit/?kind=sign-in")) == ["登录失败"]
    assert verbs(client.get("/audit/?kind=work")) == ["登记活动"]
    assert verbs(client.get("/audit/?kind=account")) == ["确认审计员", "提名审计员"]
    assert verbs(client.get("/audit/?first=2019-01-09")) == []
    assert len(verbs(client.get("/audit/?first=2019年1月8日&last=2019/1/8"))) == 5
    wrong = client.get("/audit/?unit=不存在的&first=下周").content.decode()
    assert "没有这个单位" in wrong
    assert "请写成 2019-01-08、1月8日" in wrong


def test_failure_names_the_account_and_never_what_was_typed(zheng, zhang):
    write_failure("zhang")
    page = read(zheng, "/audit/?kind=sign-in").content.decode()
    assert "张小店" in page


def asked(client, url):
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    return len(seen) - 1  # putting back the test's own scope


def test_desk_costs_the_same_questions_whatever_is_in_it(zheng, zhang, winter):
    client = reader(zheng)
    urls = ("/audit/", "/audit/?unit=小店区&person=张小店&kind=read&first=2019-01-01")
    counts = []
    for rows in (1, 60):
        for _ in range(rows):
            record_event(zhang, "查看人才", zhang.acting)
            write_failure("zhang")
        counts.append([asked(client, url) for url in urls])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12
    assert client.get("/audit/?page=2").context["page"].number == 2


# What stands out


def sentences(user):
    return [sentence for sentence, _ in read(user).context["alerts"]]


def test_many_looks_by_one_person_in_a_day_stand_out(zheng, zhang, sun, settings, winter):
    settings.AUDIT_MANY_LOOKS = 5
    for _ in range(5):
        record_event(zhang, "查看人才", zhang.acting)
    for _ in range(4):
        record_event(sun, "查看人才", sun.acting)
    assert sentences(zheng) == ["张小店1月8日查看了 5 次个人信息。"]


def test_sign_in_from_a_place_never_seen_stands_out_after_the_first(client, zheng, zhang):
    uncounted()

    def sign_in(address, agent):
        Client().post(
            "/accounts/login/", {"login": "zhang", "password": PASSWORD},
            REMOTE_ADDR=address, HTTP_USER_AGENT=agent,
        )  # fmt: skip

    sign_in("203.0.113.7", "Windows Chrome")
    sign_in("203.0.113.7", "Windows Chrome")
    assert sentences(zheng) == []
    sign_in("203.0.113.8", "Windows Chrome")
    sign_in("203.0.113.7", "Android Firefox")
    assert sentences(zheng) == ["张小店有 2 次从没用过的地址或设备登录。请问一问是不是本人。"]


def test_locked_accounts_and_claims_by_number_stand_out(zheng, zhang):
    write_failure("zhang", "登录锁定")
    record_event(None, CLAIMED, zhang.acting, by="本人")
    assert set(sentences(zheng)) == {
        "团小店区委有 1 次登录被锁定，可能有人在猜密码。",
        "团小店区委有 1 次凭手机号认领登记。请抽查是不是本人。",
    }


def test_desk_says_whether_the_log_is_whole(zheng):
    assert "第一次还没有到" in read(zheng).content.decode()
    with as_role(JOBS), acting("keep the log", PROVINCE):
        chain.link()
        made = chain.seal(dt.date(2019, 1, 8))
    page = read(zheng).content.decode()
    assert "未见删改" in page
    assert made.mac[:16] in page


# Export


def test_log_goes_into_a_spreadsheet_and_that_is_written_down(zheng, zhang):
    record_event(zhang, "查看人才", zhang.acting, remark="=1+1")
    text = unpacked(read(zheng, "/audit/export.xlsx?person=张小店"))
    assert "查看人才" in text
    assert "'=1+1" in text
    assert "郑审计" in text  # who took it
    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.verb, event.actor, event.facts["rows"]) == ("导出操作记录", zheng, 1)


def test_spreadsheet_that_was_cut_says_so(zheng, zhang, monkeypatch):
    from qingchun.accounts import exports

    monkeypatch.setattr(exports, "MOST_EVENTS", 3)
    for _ in range(5):
        record_event(zhang, "查看人才", zhang.acting)
    text = unpacked(read(zheng, "/audit/export.xlsx?person=张小店"))
    assert text.count("查看人才") == 3
    assert "只导出最近 3 条" in text


def test_one_administrator_does_not_appoint_by_an_account_of_their_own_making(wang):
    """One invited a second account to their own number, and confirmed with it."""
    from qingchun.accounts.actions import auditors
    from qingchun.accounts.audit import record_event
    from tests.conftest import with_number

    with_number(wang, "13800002001")
    named, second = person("qian", "钱", "1401", Role.EDITOR), person("er", "二", "1401")
    auditors.propose(named.acting, actor=wang)
    post = named.memberships.get()
    for made in (
        lambda: with_number(second, "13800002001"),
        lambda: (with_number(second, "13800002002"), record_event(wang, "重设密码", second.acting)),
    ):
        made()
        with pytest.raises(Refused, match="不能由您确认"):
            auditors.confirm(post, actor=second)


# What ends an auditor, and who learns of it


def test_auditor_without_another_post_signs_in_no_more_once_named_or_dismissed(zhang, wang, liu):
    """Doors A9 again: the post ended, and its person came in as somebody without any."""
    auditors.propose(liu.acting, actor=zhang)
    assert not signed_in("liu")
    auditors.confirm(liu.acting, actor=wang)
    assert signed_in("liu")
    auditors.dismiss(liu.acting, actor=wang)
    assert not signed_in("liu")


def signed_in(username):
    uncounted()
    return Client().login(username=username, password=PASSWORD)


def test_invitation_makes_nothing_else_of_an_auditor(client, wang, zheng):
    """One administrator alone would have ended the post that two have given."""
    with_number(zheng, "13800001111")
    path = invited(wang, "1401", "13800001111")
    page = take_up(client, path, person=zheng.pk, password=PASSWORD)
    assert "您在这个单位是审计员" in page.content.decode()
    assert Membership.objects.get(user=zheng).role == Role.AUDITOR


@pytest.mark.parametrize("path", ["password/", "number/", "factors/remove/", "sessions/end/"])
def test_auditors_account_is_not_for_those_they_read_about_to_take(wang, zheng, path):
    """Whoever sets the password of an auditor is the auditor."""
    post = Membership.objects.get(user=zheng)
    values = {"phone": "13800001111"}
    page = reader(wang).post(f"/people/{post.pk}/{path}", values, follow=True)
    assert "请上级管理员办理" in page.content.decode()
    assert "账号安全</h2>" not in reader(wang).get(f"/people/{post.pk}/").content.decode()


def test_unit_above_looks_after_the_account_of_an_auditor(li, zheng):
    page = reader(li).get(f"/people/{Membership.objects.get(user=zheng).pk}/")
    assert "重设密码" in page.content.decode()


@pytest.mark.parametrize("ending", [auditors.dismiss, posts.suspend])
def test_auditor_and_the_unit_above_learn_who_ended_the_post(wang, li, zheng, ending):
    """Two give it, and one may end it: so it does not end in silence."""
    colleague = person("qian", "钱太原", "1401")
    ending(Membership.objects.get(user=zheng), actor=colleague)
    told = Message.objects.filter(purpose="auditor_stopped", channel="inapp")
    assert {message.recipient for message in told} == {zheng, li}
    assert all("钱太原" in str(message.lines) for message in told)


def test_nomination_taken_back_is_told_to_nobody(zhang, wang, liu):
    auditors.propose(liu.acting, actor=zhang)
    auditors.dismiss(liu.acting, actor=zhang)
    assert not Message.objects.filter(purpose="auditor_stopped").exists()


# In words


def test_desk_says_in_words_what_the_log_keeps_as_codes(zheng, wang, zhang):
    record_event(wang, "发出邀请", wang.acting, role="liaison")
    record_event(wang, "提醒报送", wang.acting, unit="140105", purpose="summary")
    record_event(wang, "修改活动", zhang.acting, changed=["title", "is_open", "nothing_of_ours"])
    record_event(wang, "切换岗位", wang.acting, unit="140105", came_from="1401", state="suspended")
    page = read(zheng).content.decode()
    assert all(
        said in page for said in ("联络员", "团小店区委", "总结", "名称", "已停用", "团太原市委")
    )
    facts = [value for line in read(zheng).context["lines"] for _, value in line.facts]
    assert not [value for value in facts if str(value).isascii() and not str(value).isdigit()]
    assert "140105" not in map(str, facts)
