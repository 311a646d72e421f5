"""向团组织报到: two short steps, nothing asked twice, nobody registered twice."""

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import counting
from campaigns.choices import CampaignState
from campaigns.models import Campaign, RecordTally
from qingchun.accounts.models import AuditEvent, User
from qingchun.accounts.phones import phone_mark
from qingchun.ground.refusals import Refused
from qingchun.organizations.models import Organization
from talent.youth.actions import checkin, consents
from talent.youth.choices import ConsentPurpose
from talent.youth.models import CheckIn, Consent, ConsentText, Youth
from tests.looking import looking
from tests.talent.conftest import FORM, MOTHER, PHONE, check_in_by_phone, get_code, shown_code
from tests.walls import jpeg


def everybody():
    with looking():
        return list(Youth.objects.select_related("organization", "user"))


def tallies():
    return dict(RecordTally.objects.exclude(value=0).values_list("key", "value"))


def text_of(response):
    return response.content.decode()


@pytest.mark.notice("3.10.2")
def test_checks_in_by_phone_in_two_steps(campaign, group, phone_desk):
    answer = check_in_by_phone(phone_desk, kind="student", township="140105001")
    assert answer.url == "/check-in/more/"
    (youth,) = everybody()
    assert (youth.name, youth.phone, youth.organization_id) == ("陈返乡", PHONE, "140105001")
    assert youth.user.name == "陈返乡"
    with looking():
        checked = CheckIn.objects.get()
        assert (checked.campaign, checked.kind, checked.stay) == (campaign, "student", "fortnight")
        assert list(Consent.objects.values_list("purpose", "version")) == [("basic", 2)]
    assert tallies() == {"checkin-student": 1}
    more = phone_desk.post(
        "/check-in/more/", {"wants": ["job", "start"], "school": "山西大学", "member": "yes"}
    )
    assert more.url == "/check-in/done/"
    with looking():
        assert CheckIn.objects.get().wants == ["job", "start"]
    done = text_of(phone_desk.get("/check-in/done/"))
    assert "小店区返乡学子群" in done
    assert re.search(r"<dt>责任人</dt>\s*<dd>张小店", done)


def test_group_of_another_class_is_not_shown(campaign, group, phone_desk):
    check_in_by_phone(phone_desk, kind="worker")
    assert "小店区返乡学子群" not in text_of(phone_desk.get("/check-in/done/"))


def test_form_sent_twice_registers_once(campaign, phone_desk):
    code = shown_code(get_code(phone_desk))
    form = FORM | {"phone": PHONE, "code": code}
    for _ in range(3):
        assert phone_desk.post("/140105/check-in/", form).url == "/check-in/more/"
    assert (len(everybody()), tallies()) == (1, {"checkin-worker": 1})


def test_lost_answer_and_a_new_code_registers_once(campaign):
    check_in_by_phone(Client())
    # The answer never arrived: another browser, another code, the same number.
    from tests.conftest import uncounted

    uncounted()
    check_in_by_phone(Client())
    assert (len(everybody()), tallies()) == (1, {"checkin-worker": 1})


def test_wrong_code_keeps_all_that_was_typed_and_makes_nobody(campaign, phone_desk):
    get_code(phone_desk)
    answer = text_of(
        phone_desk.post("/140105/check-in/", FORM | {"phone": PHONE, "code": "12", "name": "𠮷田"})
    )
    assert "验证码不对" in answer
    for kept in ('value="𠮷田"', f'value="{PHONE}"', 'value="北京市海淀区"'):
        assert kept in answer
    assert everybody() == []
    assert not User.objects.filter(phone_mark=phone_mark(PHONE)).exists()


def test_form_with_a_gap_does_not_spend_the_code(campaign, phone_desk):
    code = shown_code(get_code(phone_desk))
    form = FORM | {"phone": PHONE, "code": code}
    assert "请填写姓名" in text_of(phone_desk.post("/140105/check-in/", form | {"name": ""}))
    assert phone_desk.post("/140105/check-in/", form).status_code == 302


def test_asking_for_a_code_keeps_what_was_typed_and_blames_nothing(campaign, phone_desk):
    answer = text_of(get_code(phone_desk, name="李𠮷"))
    assert 'value="李𠮷"' in answer
    assert "is-invalid" not in answer
    assert "请选" not in answer.replace("请选打算", "")


def test_child_is_refused_and_leaves_nothing(campaign, phone_desk):
    answer = phone_desk.get(check_in_by_phone(phone_desk, age="child").url)
    assert "未满 14 周岁不能在网上登记" in text_of(answer)
    assert everybody() == []
    assert not User.objects.filter(phone_mark=phone_mark(PHONE)).exists()


def test_child_is_refused_by_the_database_too(campaign, arrive):
    from django.db import IntegrityError, transaction

    youth = arrive()
    with (
        pytest.raises(IntegrityError, match="talent_no_children"),
        transaction.atomic(),
        looking(),
    ):
        Youth.objects.filter(pk=youth.pk).update(age="child")


def test_minor_is_not_offered_matchmaking(campaign, phone_desk):
    check_in_by_phone(phone_desk, age="teen", **MOTHER)
    form = text_of(phone_desk.get("/check-in/more/")).split("<main", 1)[1]
    assert "青春有约" not in form
    answer = phone_desk.post("/my/consents/matchmaking/", {"give": "1", "agree": "on", **MOTHER})
    assert answer.status_code == 404
    with looking():
        assert not Consent.objects.filter(purpose="matchmaking").exists()


def test_nothing_is_ticked_beforehand_and_basic_consent_is_needed(campaign, phone_desk):
    page = text_of(phone_desk.get("/140105/check-in/"))
    assert "checked" not in page
    without = {k: v for k, v in FORM.items() if k != "agree_basic"}
    code = shown_code(get_code(phone_desk))
    answer = phone_desk.post("/140105/check-in/", without | {"phone": PHONE, "code": code})
    assert "请先阅读并勾选" in text_of(answer)
    assert everybody() == []


def test_wish_without_its_consent_is_not_kept(campaign, phone_desk):
    check_in_by_phone(phone_desk)
    phone_desk.post("/check-in/more/", {"wants": ["pool", "job"]})
    with looking():
        assert CheckIn.objects.get().wants == ["job"]
    phone_desk.post("/check-in/more/", {"wants": ["pool", "job"], "agree_pool": "on"})
    with looking():
        assert CheckIn.objects.get().wants == ["pool", "job"]
        assert Consent.objects.filter(purpose="pool").count() == 1


def next_winter(campaign):
    Campaign.objects.update(state=CampaignState.LOCKED)
    return Campaign.objects.create(
        title="2020年春节“青春兴晋”行动", starts_on=dt.date(2019, 12, 20),
        ends_on=dt.date(2020, 2, 29), state=CampaignState.OPEN,
    )  # fmt: skip


def test_person_who_comes_back_confirms_what_is_known(campaign, phone_desk):
    check_in_by_phone(phone_desk, township="140105001")
    winter = next_winter(campaign)
    page = text_of(phone_desk.get("/140105/check-in/"))
    assert "陈返乡，欢迎又回来" in page
    for known in ('value="陈返乡"', 'value="北京市海淀区"', '"140105001" selected'):
        assert known in page
    for asked_before in ("id_phone", "id_code", "agree_basic"):
        assert asked_before not in page
    again = FORM | {"township": "140105001", "lives_at": "上海市"}
    assert phone_desk.post("/140105/check-in/", again).status_code == 302
    (youth,) = everybody()
    assert youth.lives_at == "上海市"
    with looking():
        assert CheckIn.objects.count() == 2
        assert RecordTally.objects.get(campaign=winter).value == 1
        assert Consent.objects.count() == 1


def test_new_version_of_the_text_is_agreed_to_anew(campaign, li, phone_desk):
    check_in_by_phone(phone_desk)
    consents.publish_text(ConsentPurpose.BASIC, actor=li, text="新的告知书")
    assert ConsentText.objects.filter(purpose="basic").count() == 3
    # Who agreed to the old words is asked by the new ones, and not taken to have agreed.
    assert "id_agree_basic" in text_of(phone_desk.get("/140105/check-in/"))
    silent = {name: value for name, value in FORM.items() if name != "agree_basic"}
    assert "请先阅读并勾选" in text_of(phone_desk.post("/140105/check-in/", silent))
    with looking():
        assert Consent.objects.get().version == 2
    phone_desk.post("/140105/check-in/", FORM)
    with looking():
        versions = Consent.objects.order_by("pk").values_list("version", "withdrawn_at")
        assert [(v, w is None) for v, w in versions] == [(2, False), (3, True)]


@pytest.mark.notice("0.1", "5.4.1")
def test_between_two_editions_people_check_in_and_nothing_is_counted(campaign, phone_desk):
    Campaign.objects.update(state=CampaignState.LOCKED)
    check_in_by_phone(phone_desk)
    phone_desk.post("/140105/check-in/", FORM)
    with looking():
        assert CheckIn.objects.get().campaign is None
    assert tallies() == {}


def test_change_of_class_moves_the_figure(campaign, phone_desk):
    check_in_by_phone(phone_desk, kind="worker")
    phone_desk.post("/140105/check-in/", FORM | {"kind": "founder"})
    assert tallies() == {"checkin-founder": 1}
    with looking():
        assert counting.differences() == []


def test_change_of_home_moves_the_person_and_the_figure(campaign, phone_desk):
    check_in_by_phone(phone_desk)
    page = text_of(phone_desk.get("/140213/check-in/"))
    assert "换家乡：您原来向<b>共青团太原市小店区委员会</b>报到" in page
    assert 'name="moves_from" value="140105"' in page
    read = FORM | {"moves_from": "140105"}
    assert phone_desk.post("/140213/check-in/", read).status_code == 302
    (youth,) = everybody()
    assert youth.organization_id == "140213"
    found = RecordTally.objects.exclude(value=0).values_list("organization_id", "value")
    assert list(found) == [("140213", 1)]
    with looking():
        assert set(Consent.objects.values_list("organization_id", flat=True)) == {"140213"}
        assert counting.differences() == []


@pytest.mark.parametrize("name", ["𠮷田", "迪丽热巴·迪力木拉提", "买买提•艾力", "Ouyang O'Neil"])
def test_rare_names_are_kept(campaign, phone_desk, name):
    check_in_by_phone(phone_desk, name=name)
    assert everybody()[0].name == name.replace("•", "·")


@pytest.mark.parametrize("name", ["小明😀", "张三1", "<b>李</b>"])
def test_signs_in_names_are_refused_by_name(campaign, phone_desk, name):
    assert "姓名里有不能用的符号" in text_of(check_in_by_phone(phone_desk, name=name))
    assert everybody() == []


def test_number_from_abroad_checks_in(campaign, phone_desk):
    check_in_by_phone(phone_desk, phone="+852 9123 4567")
    assert everybody()[0].phone == "+85291234567"


def test_link_of_a_merged_unit_leads_to_its_successor(campaign, client):
    old = Organization.objects.get(pk="140106")
    old.closed_on, old.succeeded_by_id = dt.date(2019, 1, 1), "140105"
    old.save()
    assert client.get("/140106/").url == "/140105/"
    assert client.get("/140106/check-in/").url == "/140105/check-in/"
    assert client.get("/140106/poster/").url == "/140105/poster/"
    assert client.get("/149999/").status_code == 404
    assert client.get("/1401/check-in/").status_code == 404


@pytest.fixture
def door_form():
    return FORM | {"name": "李门口", "phone": PHONE, "kind": "worker"}


def test_township_registers_somebody_at_the_door(campaign, zhao, at, door_form):
    desk = at(zhao)
    without = desk.post("/youth/register/", door_form | {"township": "140105001"})
    assert "没有同意书不能登记" in text_of(without)
    done = desk.post("/youth/register/", door_form | {"township": "140105001", "paper": jpeg()})
    (youth,) = everybody()
    assert done.url == f"/youth/{youth.pk}/"
    assert (youth.organization_id, youth.user) == ("140105001", None)
    with looking():
        consent = Consent.objects.get()
        checked = CheckIn.objects.get()
    assert (consent.source, bool(consent.paper)) == ("door", True)
    assert (checked.source, checked.by_name) == ("door", "赵坞城")
    assert tallies() == {"checkin-worker": 1}
    again = desk.post("/youth/register/", door_form | {"township": "140105001", "paper": jpeg()})
    assert "已经登记过" in text_of(again)
    assert len(everybody()) == 1


def test_township_cannot_register_into_a_neighbours(campaign, zhao, at, door_form):
    at(zhao).post("/youth/register/", door_form | {"township": "140105002", "paper": jpeg()})
    assert everybody() == []


def test_person_registered_at_the_door_finds_their_record_by_phone(
    campaign, zhao, at, door_form, phone_desk
):
    at(zhao).post("/youth/register/", door_form | {"township": "140105001", "paper": jpeg()})
    check_in_by_phone(phone_desk, township="140105001", name="李门口")
    (youth,) = everybody()
    assert youth.user.phone == PHONE
    assert tallies() == {"checkin-worker": 1}


def test_two_forms_at_once_make_one_person(campaign, chen):
    """The other request writes its record just after this one saw that there is none."""
    home = Organization.objects.get(pk="140105")
    facts = {"name": "陈返乡", "kind": "worker", "age": "adult", "lives_at": "北京市"}

    with looking():
        Youth.objects.create(user=chen, organization=home, phone="", **facts)
        checkin.check_in(chen, home=home, agreed={"basic"}, record=None, **facts)
        checkin.check_in(chen, home=home, agreed={"basic"}, **facts)
        assert Youth.objects.filter(user=chen).count() == 1
        assert CheckIn.objects.count() == 1
    assert tallies() == {"checkin-worker": 1}


def test_check_in_does_without_basic_consent_in_no_way(campaign, chen):
    with pytest.raises(Refused, match="告知书"):
        checkin.check_in(
            chen, home=Organization.objects.get(pk="140105"), agreed=(), name="陈", kind="worker",
            age="adult", lives_at="北京",
        )  # fmt: skip


def test_check_in_asks_the_database_so_often(campaign, group, phone_desk):
    code = shown_code(get_code(phone_desk))
    form = FORM | {"phone": PHONE, "code": code, "kind": "student"}
    with CaptureQueriesContext(connection) as seen:
        phone_desk.post("/140105/check-in/", form)
    first = len(seen)
    with CaptureQueriesContext(connection) as seen:
        phone_desk.get("/140105/check-in/")
    assert (first, len(seen)) == (36, 10)  # what was said last, the texts, whom to ring


def test_rebuild_agrees_with_what_was_counted(campaign, arrive):
    for name, kind in (("甲", "worker"), ("乙", "student"), ("丙", "student")):
        arrive(name, kind=kind)
    before = tallies()
    assert before == {"checkin-worker": 1, "checkin-student": 2}
    RecordTally.objects.update(value=99)
    with looking():
        assert len(counting.differences()) == 4
    call_command("rebuild_counts", verbosity=0)
    assert tallies() == before


def test_what_a_person_does_leaves_no_name_in_the_audit(campaign, arrive):
    youth = arrive("陈无痕", agreed={ConsentPurpose.MESSAGES})
    with looking():
        consents.withdraw(youth, ConsentPurpose.MESSAGES)
    event = AuditEvent.objects.get(verb="撤回同意")
    assert (event.actor_name, event.actor, event.address) == ("本人", None, None)
