"""What is kept for others: practices, people to look up to, policies."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from campaigns.actions.log import delete_activity
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.jobs.actions import fetch, work
from qingchun.jobs.models import Job
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from reports.library.actions import exemplars, keeping
from reports.library.models import Exemplar, Policy, Practice, PracticeUse
from reports.papers.actions import review
from talent.youth.actions import leaving
from tests.conftest import person, with_number, written
from tests.looking import looking
from tests.reports.scene import jpeg
from tests.reports.test_documents import words_of

PARTS = {name: f"{label}：照实写。" for name, label in Practice.PARTS}


@pytest.fixture
def entry(log, zhang):
    return log(zhang)


@pytest.fixture
def practice(campaign, zhang, entry):
    record = Practice(
        campaign=campaign,
        organization_id="140105",
        title="返乡青年一站办",
        place="坞城街道",
        **PARTS,
    )
    return keeping.save_practice(record, actor=zhang, evidence=[entry])


@pytest.fixture
def chosen(practice, zhang, li):
    keeping.propose(practice, actor=zhang)
    keeping.choose(practice, actor=li)
    return practice


# Practices


@pytest.mark.notice("4.3.2", "5.4.1")
def test_county_writes_a_practice_and_the_province_shows_it_to_all(
    client, campaign, entry, zhang, li, wu
):
    client.force_login(zhang)
    data = PARTS | {"title": "返乡青年一站办", "place": "坞城街道", "evidence": str(entry.pk)}
    client.post("/practices/new/", data)
    record = Practice.objects.get()
    client.post(f"/practices/{record.pk}/propose/")
    client.force_login(wu)
    assert client.get(f"/practices/{record.pk}/").status_code == 404
    client.force_login(li)
    assert "推广到全省" in client.get(f"/practices/{record.pk}/").content.decode()
    client.post(f"/practices/{record.pk}/choose/")
    client.force_login(wu)
    page = client.get(f"/practices/{record.pk}/").content.decode()
    assert "怎么做的：照实写。" in page
    assert "坞城街道" in page
    assert "上门登记" not in page  # the entries themselves stay behind the county's wall
    assert Message.objects.filter(purpose="practice_chosen").exists()


@pytest.mark.parametrize("path", ["practices", "exemplars", "policies/desk", "voices/desk"])
def test_what_is_of_all_editions_opens_before_the_first(client, wang, li, path):
    for user in (wang, li):
        client.force_login(user)
        assert client.get(f"/{path}/").status_code == 200


def test_practice_needs_all_its_parts_and_an_entry(campaign, zhang, entry):
    record = Practice(campaign=campaign, organization_id="140105", title="一站办", did="做了")
    keeping.save_practice(record, actor=zhang, evidence=[entry])
    with pytest.raises(Refused, match="还没有写“什么情况”“花了什么”“结果怎样”“别处怎么照着做”"):
        keeping.propose(record, actor=zhang)
    for name, text in PARTS.items():
        setattr(record, name, text)
    keeping.save_practice(record, actor=zhang, evidence=[], changed=PARTS)
    with pytest.raises(Refused, match="没有登记作依据"):
        keeping.propose(record, actor=zhang)


def test_practice_whose_evidence_was_deleted_is_not_chosen(client, practice, entry, zhang, li):
    keeping.propose(practice, actor=zhang)
    with rls_context(scope="140105", person=zhang.pk):
        delete_activity(entry, actor=zhang, reason="重复")
    with pytest.raises(Refused, match="作依据的登记已经被删除"):
        keeping.choose(practice, actor=li)
    client.force_login(li)
    assert "作依据的登记已经删除" in client.get(f"/practices/{practice.pk}/").content.decode()


def test_practice_without_an_entry_says_that_none_was_chosen_yet(client, campaign, zhang, li):
    record = Practice(campaign=campaign, organization_id="140105", title="一站办", **PARTS)
    record = keeping.save_practice(record, actor=zhang, evidence=[])
    client.force_login(zhang)
    page = client.get(f"/practices/{record.pk}/").content.decode()
    assert "还没有选作依据的登记。点“修改”选一条。" in page
    assert "已经删除" not in page


def test_practice_is_found_by_its_words(client, chosen, wu):
    client.force_login(wu)
    assert "返乡青年一站办" in client.get("/practices/?q=一站办").content.decode()
    assert "返乡青年一站办" not in client.get("/practices/?q=大棚").content.decode()


@pytest.mark.notice("5.2.2", "5.4.1")
def test_practice_counts_by_plans_that_were_approved(client, chosen, plan, wang, li):
    client.force_login(wang)
    page = client.post(f"/practices/{chosen.pk}/use/", follow=True).content.decode()
    assert "借鉴的经验做法" in page
    assert f"/practices/{chosen.pk}/" in page
    assert PracticeUse.objects.count() == 1
    page = client.post(f"/practices/{chosen.pk}/use/", follow=True).content.decode()
    assert "方案里已经有这条做法了" in page
    client.force_login(li)
    assert "1 个市的方案借鉴" not in client.get("/practices/").content.decode()
    review.submit(plan, actor=wang)
    review.start_review(plan, actor=li)
    review.approve(plan, actor=li)
    assert "1 个市的方案借鉴" in client.get("/practices/").content.decode()


def test_summary_credits_the_street_by_name(practice, zhang, campaign, wang):
    keeping.propose(practice, actor=zhang)
    text = written(campaign, wang).sections.get(key="practice").content["text"]
    assert text == "小店区坞城街道“返乡青年一站办”：怎么做的：照实写。结果怎样：照实写。"


def test_shown_practice_is_not_changed_under_its_readers(chosen, zhang):
    with pytest.raises(Refused, match="已经推广"):
        keeping.save_practice(chosen, actor=zhang)


def test_neighbour_cannot_propose_for_another(practice, sun):
    with pytest.raises(PermissionDenied):
        keeping.propose(practice, actor=sun)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_practices_costs_the_same(
    client, campaign, zhang, entry, rows, django_assert_num_queries
):
    for number in range(rows):
        record = Practice(campaign=campaign, organization_id="140105", title=f"第{number}条")
        keeping.save_practice(record, actor=zhang, evidence=[entry])
    client.force_login(zhang)
    client.get("/me/")
    with django_assert_num_queries(8):
        client.get("/practices/")


# Exemplars


@pytest.fixture
def exemplar(zhang):
    record = Exemplar(
        organization_id="140105", name="任建军", place="坞城街道，开合作社",
        title="放下锄头拿起鼠标", story="带动三十户卖小米。",
    )  # fmt: skip
    return exemplars.save_exemplar(record, actor=zhang, phone="13800009001", picture=jpeg())


@pytest.fixture
def ren(db):
    """任建军 himself, signed in with the number that the county wrote down."""
    user = person("ren", "任建军")
    with_number(user, "13800009001")
    return user


def published(exemplar, ren, zhang, wang, li):
    with rls_context(person=ren.pk):
        (exemplar,), _ = exemplars.of_person(ren)
    exemplars.agree(exemplar, user=ren)
    exemplar.refresh_from_db()
    exemplars.pass_on(exemplar, actor=zhang)
    exemplars.pass_up(exemplar, actor=wang)
    exemplars.publish(exemplar, actor=li)
    return exemplar


@pytest.mark.notice("3.5.2", "3.6.1")
def test_story_goes_from_county_to_province_with_consent(client, exemplar, ren, zhang, wang, li):
    with pytest.raises(Refused, match="还没有本人同意"):
        exemplars.pass_on(exemplar, actor=zhang)
    client.force_login(ren)
    assert "放下锄头拿起鼠标" in client.get("/mine/story/").content.decode()
    bare = client.post("/mine/story/", {"exemplar": exemplar.pk}).content.decode()
    assert "请先看过同意书再勾选" in bare
    client.post("/mine/story/", {"exemplar": exemplar.pk, f"story{exemplar.pk}-agree": "1"})
    exemplar.refresh_from_db()
    assert exemplar.agreed_to == 1
    for user, step in ((zhang, "pass-on"), (wang, "pass-up"), (li, "publish")):
        client.force_login(user)
        client.post(f"/exemplars/{exemplar.pk}/{step}/")
    client.logout()
    page = client.get(f"/stories/{exemplar.key}/").content.decode()
    assert "带动三十户卖小米" in page
    assert "13800009001" not in page
    assert "放下锄头拿起鼠标" in client.get("/stories/?q=小米").content.decode()


def test_province_publishes_nobody_who_has_not_agreed(exemplar, li):
    Exemplar.objects.filter(pk=exemplar.pk).update(state="at_province")
    exemplar.refresh_from_db()
    with pytest.raises(Refused, match="还没有本人同意"):
        exemplars.publish(exemplar, actor=li)


def test_withdrawn_consent_takes_the_story_from_everywhere(
    client, exemplar, ren, zhang, wang, li, django_capture_on_commit_callbacks
):
    published(exemplar, ren, zhang, wang, li)
    file = exemplar.picture
    client.force_login(ren)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/mine/story/", {"exemplar": exemplar.pk, "withdraw": "1"})
    client.logout()
    assert client.get(f"/stories/{exemplar.key}/").status_code == 404
    assert client.get(f"/stories/{exemplar.key}/picture/").status_code == 404
    for page in ("/stories/", "/stories/?q=小米"):
        assert "放下锄头" not in client.get(page).content.decode()
    assert not file.storage.exists(file.name)
    exemplar.refresh_from_db()
    assert (exemplar.state, exemplar.name, exemplar.story, exemplar.pairs) == (
        "withdrawn",
        "",
        "",
        [],
    )
    assert [e.verb for e in AuditEvent.objects.filter(subject=f"reports.exemplar:{exemplar.pk}")][
        -1
    ] == "本人撤回同意"
    client.force_login(li)
    assert "任建军" not in client.get("/exemplars/").content.decode()
    assert Message.objects.filter(purpose="exemplar_gone").exists()


def test_person_who_leaves_takes_the_story_along(exemplar, ren, zhang, wang, li):
    published(exemplar, ren, zhang, wang, li)
    leaving.forget_person(ren)
    exemplar.refresh_from_db()
    assert exemplar.state == "withdrawn"


def test_signed_paper_is_a_consent_and_changed_words_need_a_new_one(exemplar, zhang):
    exemplars.save_exemplar(exemplar, actor=zhang, paper=jpeg())
    assert exemplar.agreed_at
    exemplar.story = "另一个故事。"
    exemplars.save_exemplar(exemplar, actor=zhang, changed=["story"])
    assert exemplar.agreed_at is None


def test_nobody_agrees_for_another(exemplar, chen, zhang):
    with_number(chen, "13800009002")
    with pytest.raises(PermissionDenied):
        exemplars.agree(exemplar, user=chen)
    with pytest.raises(PermissionDenied):
        exemplars.withdraw_consent(exemplar, user=chen)


def test_paper_and_drafts_are_the_units_own_business(client, exemplar, zhang, wang, wu, li):
    exemplars.save_exemplar(exemplar, actor=zhang, paper=jpeg())
    for user, status in ((zhang, 200), (wang, 404), (li, 404), (wu, 404)):
        client.force_login(user)
        answer = client.get(f"/exemplars/{exemplar.pk}/paper/")
        assert answer.status_code == status


def test_database_shows_the_public_no_story_that_is_not_published(exemplar, ren, zhang, wang, li):
    count = "SELECT count(*) FROM reports_exemplar"
    for expected in (0, 1):
        with rls_context(scope="", person=""), connection.cursor() as cursor:
            cursor.execute(count)
            assert cursor.fetchone() == (expected,)
        if not expected:
            published(exemplar, ren, zhang, wang, li)


# Policies


def policy(**facts):
    values = {
        "organization_id": "140105", "title": "返乡创业贷款贴息", "kind": "start", "who": "毕业五年内",
        "amount": "最高二十万元，贴息三年", "how": "去区人社局二楼。", "is_lasting": True,
    }  # fmt: skip
    return Policy(**values | facts)


FORM = {
    "title": "返乡创业贷款贴息", "kind": "start", "who": "毕业五年内", "amount": "二十万元",
    "how": "去人社局。",
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "请选有效期到哪一天；文件没有写的，勾“长期有效”"),
        (
            {"is_lasting": "on", "valid_until_year": "2020", "valid_until_month": "1", "valid_until_day": "1"},
            "两样只选一样",
        ),
        (
            {"valid_until_year": "2020", "valid_until_month": "2", "valid_until_day": "30"},
            "没有这一天",
        ),
    ],
)  # fmt: skip
def test_policy_without_a_date_is_kept_in_the_form_and_asked_for(
    client, campaign, zhang, more, says
):
    client.force_login(zhang)
    page = client.post("/policies/new/", FORM | more).content.decode()
    assert says in page
    assert 'value="返乡创业贷款贴息"' in page
    assert not Policy.objects.exists()


def test_database_keeps_no_policy_without_a_date(zhang):
    with pytest.raises(IntegrityError, match="policy_says_until_when"), transaction.atomic():
        policy(is_lasting=False).save()


@pytest.mark.notice("1.1", "3.5.2")
def test_policy_is_shown_by_home_and_found_by_its_words(client, zhang, wang, wu):
    keeping.save_policy(policy(), actor=zhang)
    keeping.save_policy(
        policy(organization_id="1401", title="太原安家补贴", kind="housing", amount="一万元"),
        actor=wang,
    )
    keeping.save_policy(policy(organization_id="140213", title="大同的"), actor=wu)
    page = client.get("/policies/?home=140105").content.decode()
    assert ("返乡创业贷款贴息" in page, "太原安家补贴" in page, "大同的" in page) == (
        True,
        True,
        False,
    )
    page = client.get("/policies/?home=140105&q=贴息").content.decode()
    assert ("返乡创业贷款贴息" in page, "太原安家补贴" in page) == (True, False)
    page = client.get("/policies/?home=140105&kind=housing").content.decode()
    assert ("返乡创业贷款贴息" in page, "太原安家补贴" in page) == (False, True)


@pytest.mark.notice("1.1")
def test_young_person_sees_first_what_they_wished_for(client, campaign, chen, zhang):
    from talent.youth.models import CheckIn, Youth

    with looking():
        youth = Youth.objects.create(
            organization_id="140105", user=chen, name="陈返乡", kind="student", age="adult"
        )
        CheckIn.objects.create(
            organization_id="140105",
            youth=youth,
            campaign=campaign,
            kind="student",
            wants=["start"],
        )
    keeping.save_policy(policy(), actor=zhang)
    keeping.save_policy(policy(title="安家补贴", kind="housing"), actor=zhang)
    client.force_login(chen)
    page = client.get("/policies/").content.decode()
    assert ("返乡创业贷款贴息" in page, "安家补贴" in page) == (True, False)
    assert "按您报到时的需要（创业）挑的" in page


def test_policy_that_is_over_is_not_shown_and_its_unit_was_told(client, zhang, winter):
    until = dt.date(2019, 1, 22)
    keeping.save_policy(policy(is_lasting=False, valid_until=until), actor=zhang)
    told = Message.objects.filter(purpose="policy_ends", channel="inapp")
    for day, expected in (("2019-01-07", 0), ("2019-01-08", 1), ("2019-01-09", 1), ("2019-01-19", 2),
                          ("2019-01-22", 3), ("2019-01-23", 3)):  # fmt: skip
        keeping.remind_of_ends(dt.date.fromisoformat(day))
        assert (day, told.count()) == (day, expected)
    winter.move_to("2019-01-22 23:00+08:00")
    assert "返乡创业贷款贴息" in client.get("/policies/").content.decode()
    winter.move_to("2019-01-23 09:00+08:00")
    assert "返乡创业贷款贴息" not in client.get("/policies/").content.decode()


@pytest.mark.notice("3.5.2")
def test_policies_are_compiled_by_one_button(client, campaign, zhang, li):
    keeping.save_policy(policy(), actor=zhang)
    client.force_login(li)
    client.post("/documents/make/", {"kind": "policies_word"})
    work()
    with looking(), fetch(Job.objects.get()) as file:
        words = words_of(file.read())
    assert "1. 小店区：返乡创业贷款贴息" in words
    assert "最高二十万元，贴息三年" in words


def test_index_of_words_serves_the_search(zhang):
    keeping.save_policy(policy(), actor=zhang)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Policy.objects.mentioning("贴息").explain()
    assert "reports_policy_words" in plan


def test_upload_that_is_no_picture_is_refused_and_the_words_stay(client, campaign, zhang):
    client.force_login(zhang)
    file = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    data = {"name": "任建军", "title": "回乡", "story": "一段事迹", "picture": file}
    page = client.post("/exemplars/new/", data).content.decode()
    assert "不是能打开的照片" in page
    assert "一段事迹" in page
