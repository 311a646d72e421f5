"""查找: everything that one may see, and nothing else, by characters, by pinyin, by number."""

import html
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from campaigns import listing
from campaigns.actions import words
from campaigns.models import Activity, ActivityWords
from qingchun.accounts import searching
from qingchun.accounts.models import AuditEvent
from qingchun.ground import pinyin
from qingchun.ground.portal import answers
from qingchun.ground.sought import Sought
from reports.library.models import Policy
from services.events.models import Event, EventGroup
from services.proxy.models import ServiceRequest
from talent.pool.actions import saying
from talent.pool.models import PoolWords, TalentRecord
from talent.youth.models import Youth
from tests.events import scene as events
from tests.looking import looking
from tests.reports.test_today import _copies
from tests.services import scene
from tests.talent.conftest import arrive, at, desk_of, enter, group, warm

__all__ = ["arrive", "at", "desk_of", "enter", "group"]  # fixtures


OFTEN = "只列正在进行的行动；以前的，请在活动台账里选那次行动再找"


def look(client, text):
    """The answer, at the address that a search leads to."""
    answer = client.post("/search/", {"q": text})
    assert answer.status_code == 302, answer.content.decode()
    assert text not in answer.url
    return client.get(answer.url)


def found(client, text):
    """Kind → what was found of it."""
    groups = look(client, text).context["groups"]
    return {group["name"]: [hit.what for hit in group["hits"]] for group in groups}


def said(answer):
    return html.unescape(" ".join(answer.content.decode().split()))


def shown(answer):
    """What was found, without the page around it."""
    text = said(answer)
    return text[text.index("<main") : text.index("</main>")]


# Letters


@pytest.mark.parametrize(
    ("letters", "name"),
    [
        ("zxd", "张小店"), ("zhangxiaodian", "张小店"), ("zhangxd", "张小店"), ("zxiaod", "张小店"),
        ("zhangxiaod", "张小店"), ("xd", "张小店"), ("xian", "西安"), ("xian", "县"),
        ("shanming", "单明"), ("danming", "单明"), ("lvliang", "吕梁市"), ("ht", "洪洞县"),
        ("xiong", "熊"),
    ],
)  # fmt: skip
def test_letters_are_those_of_a_name(letters, name):
    assert re.search(pinyin.pattern_of(letters), name)
    # And it is looked up by what it has.
    sounds = set(pinyin.sounds_of(name))
    ways = [way for way in pinyin.ways_of(letters) if len(way) > 1]
    assert len(name) == 1 or any(pinyin.asked_by(way) <= sounds for way in ways)


@pytest.mark.parametrize("letters", ["zxq", "zhangdian", "xz", "iii", "dianxiao"])
def test_other_letters_are_not(letters):
    pattern = pinyin.pattern_of(letters)
    assert not pattern or not re.search(pattern, "张小店")


def test_letters_without_end_are_taken_apart_at_once():
    for letters in ("a" * 40, "an" * 20, "xian" * 10, "zzzzzzzz" * 5, "zhang" * 8):
        assert len(pinyin.ways_of(letters)) <= pinyin.MOST_WAYS
        assert len(pinyin.pattern_of(letters)) < 100_000


# What is found, and by whom


def test_pages_and_what_can_be_begun_there(campaign, zhang, li, at):
    county = at(zhang)
    for text in ("登记活动", "djhd", "dengjihuodong"):
        assert "登记活动" in found(county, text)["页面和操作"], text
    assert found(county, "rck")["页面和操作"] == ["导入人才库表格", "人才库"]
    assert found(county, "开通账号") == {"页面和操作": ["开通账号"]}
    assert "页面和操作" not in found(county, "同意书")  # the province's
    assert found(at(li), "同意书")["页面和操作"] == ["同意书"]


def test_each_action_has_a_page(campaign, li, wang, zhang, zhao, at):
    for user in (li, wang, zhang, zhao):
        client = at(user)
        for _, _, url in searching._pages(user):
            assert client.get(url).status_code == 200, url
    assert len(list(answers("actions"))) > 5


def test_person_of_home_is_found_masked_and_read_when_opened(arrive, zhang, wang, wu, at):
    youth = arrive("陈返乡")
    with looking():
        phone = Youth.objects.get(pk=youth.pk).phone
    county = at(zhang)
    for text in (
        "陈返乡",
        "返乡",
        "cfx",
        "chenfanxiang",
        "陈 返乡",
        phone,
        f"{phone[:3]} {phone[3:]}",
    ):
        before = AuditEvent.objects.count()
        answer = look(county, text)
        (group,) = [one for one in answer.context["groups"] if one["key"] == "youth"]
        assert [hit.what for hit in group["hits"]] == ["陈**"], text
        shown = re.sub(r'value="[^"]*"', "", said(answer))
        assert "陈返乡" not in shown
        assert phone not in shown
        assert AuditEvent.objects.count() == before  # nobody was read yet
    county.get(group["hits"][0].url)
    assert AuditEvent.objects.filter(verb="查看个人信息").count() == 1
    for other in (wang, wu):
        assert "报到的青年" not in found(at(other), "陈返乡"), other


def test_pool_is_found_by_what_it_says(enter, zhang, sun, wang, at):
    with looking():
        enter(zhang, "乔乡才", doing="养羊合作社", phone="13800008001")
    county = at(zhang)
    for text in (
        "乔乡才",
        "qxc",
        "qiaoxiangcai",
        "养羊",
        "合作社 乔乡",
        "qiao 养羊",
        "13800008001",
    ):
        assert found(county, text).get("人才库") == ["乔**"], text
    assert "人才库" not in found(county, "yangyang")  # by letters a name alone
    assert "人才库" not in found(county, "13800008002")
    for other in (sun, wang):
        assert "人才库" not in found(at(other), "乔乡才")


def test_case_is_found_by_its_number_name_and_telephone(campaign, zhang, zhao, sun, at):
    case = scene.at_the_door(zhao, scene.published(zhang))
    for text in (case.number, case.spoken, "王桂兰", "wgl", scene.PHONE):
        assert found(at(zhang), text)["代办件"] == ["医保参保登记"], text
        assert "代办件" not in found(at(sun), text), text
    answer = look(at(zhao), case.number)
    assert f"王** · 编号 {case.spoken} · 已登记" in said(answer)
    assert f'href="/proxy/cases/{case.pk}/"' in said(answer)


def test_activity_is_found_at_every_level_and_not_next_door(
    campaign, log, zhang, zhao, sun, li, wang, at
):
    log(zhao, title="春雷启动会", text="在村里")
    log(sun, title="扫雪")
    for user in (zhao, zhang, wang, li):
        for text in ("春雷启动", "启动会 村里", "clqd", "chunlei"):
            assert found(at(user), text)["活动台账"] == ["春雷启动会"], text
    assert "活动台账" not in found(at(sun), "春雷启动")
    assert "活动台账" not in found(at(zhang), "扫雪")


def test_events_others_publish_near_and_only_ones_own_drafts(campaign, zhang, zhao, sun, li, at):
    events.opened(zhang, title="返乡学子座谈会")
    with looking():
        draft = Event.objects.first()
        draft.pk, draft.state, draft.title = None, "draft", "座谈会草稿"
        draft._state.adding = True
        draft.save()
    assert found(at(zhang), "ztanhui")["活动报名"] == ["座谈会草稿", "返乡学子座谈会"]
    assert found(at(zhao), "座谈会")["活动报名"] == ["返乡学子座谈会"]
    assert found(at(li), "座谈会")["活动报名"] == ["返乡学子座谈会"]
    assert "活动报名" not in found(at(sun), "座谈会")
    assert found(at(li), "座谈会 学子")["活动报名"] == ["返乡学子座谈会"]
    assert "活动报名" not in found(at(li), "座谈会 扫雪")
    assert 'href="/desk/events/' in shown(look(at(zhang), "座谈会"))
    assert 'href="/events/' in shown(look(at(zhao), "座谈会"))


@pytest.mark.parametrize("text", ["小店区", "xdq", "xiaodian", "140105", "太原市小店"])
def test_unit_is_found_in_ones_own_part_of_the_tree(campaign, li, wang, zhang, sun, text, at):
    for user in (li, wang, zhang):
        assert found(at(user), text)["单位"][0] == "共青团太原市小店区委员会"
    assert "共青团太原市小店区委员会" not in found(at(sun), text).get("单位", [])


def test_what_is_kept_for_others(campaign, li, zhang, sun, at):
    with looking():
        Policy.objects.create(
            organization_id="14", title="返乡创业担保贷款", kind="finance", who="创业青年",
            amount="二十万", how="去人社局", is_lasting=True,
        )  # fmt: skip
    for text in ("担保贷款", "dbdk", "人社局"):
        assert found(at(zhang), text)["政策"] == ["返乡创业担保贷款"], text


def test_staff_are_found_by_their_administrators(campaign, li, zhang, zhao, sun, at):
    assert found(at(zhang), "赵坞城")["人员"] == ["赵坞城"]
    assert found(at(li), "zwc")["人员"] == ["赵坞城"]
    assert "人员" not in found(at(sun), "赵坞城")
    with looking():
        zhang.memberships.update(role="editor")
    assert "人员" not in found(at(zhang), "赵坞城")  # nor by whoever may not open their page


def test_young_people_and_auditors_have_none_of_it(campaign, chen, zhang, at):
    assert at(chen).get("/search/").status_code == 403
    assert "data-seek" not in at(chen).get("/").content.decode()
    assert "data-seek" in at(zhang).get("/today/").content.decode()


# The address


def test_address_tells_nobody_what_was_looked_for(arrive, zhang, sun, at):
    arrive("陈返乡")
    county = at(zhang)
    url = county.post("/search/", {"q": "陈返乡"}).url
    assert re.fullmatch(r"/search/\?w=[\w-]+(%3D)*", url)
    assert "陈**" in said(county.get(url))
    assert "陈**" in said(county.get(url))  # gone back to
    for other, address in (
        (sun, url),
        (zhang, url[:-6] + "AAAAAA"),
        (zhang, "/search/?w=é"),
        (zhang, "/search/?w=x"),
    ):
        answer = at(other).get(address)
        assert (answer.status_code, "这次查找已经过期" in said(answer)) == (200, True)
        assert "陈返乡" not in said(answer)


def test_address_opens_as_long_as_a_session_lasts(arrive, zhang, at, settings):
    arrive("陈返乡")
    url = at(zhang).post("/search/", {"q": "陈返乡"}).url
    settings.SESSION_SECONDS = 0
    assert "这次查找已经过期" in said(at(zhang).get(url))


# Whatever is typed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("会", "一个字找出来的太多，请再多写一个字。"),
        ("　会 ", "一个字找出来的太多，请再多写一个字。"),
        ("春" * 10_000, "最多写 40 个字，现在有 10,000 个。请只留最要紧的几个字。"),
    ],
)
def test_too_little_and_too_much_are_said_and_stay_typed(campaign, zhang, at, text, words):
    answer = at(zhang).post("/search/", {"q": text})
    assert answer.status_code == 200
    assert words in said(answer)
    assert f'value="{text.strip()}"' in said(answer).replace("　", "")


def test_nothing_typed_is_the_page_itself(campaign, zhang, at):
    for text in ("", "   ", "　"):
        answer = at(zhang).post("/search/", {"q": text})
        assert (answer.status_code, "没有找到" in said(answer)) == (200, False)


@pytest.mark.parametrize(
    "text",
    [
        "''", '"双"', "\\\\", "%_", "100%", "a'); DROP TABLE--", "[*", "(((", "^$", "{1,2}", "<script>x", "☃☃",
        "zz" * 20, "。。", "\u200b\u200b", "٣٣٣٣٣٣٣٣", "㈱㈱", "ﬀﬀ", "1" * 40, "138 0000 0000 0", "+86 13800008001",
    ],
)  # fmt: skip
def test_whatever_is_typed_is_only_looked_for(campaign, log, zhang, at, text):
    log(zhang, title="春雷启动会")
    answer = look(at(zhang), text)
    assert answer.status_code == 200
    assert "活动台账" not in {group["name"] for group in answer.context["groups"]}


def test_percent_and_quotes_are_characters(campaign, log, zhang, at):
    log(zhang, title="100%到户“两个一”'s")
    for text in ("100%", "“两个一”", "'s", "0%到"):
        assert found(at(zhang), text)["活动台账"] == ["100%到户“两个一”'s"], text
    assert "活动台账" not in found(at(zhang), "1__%")


@pytest.mark.parametrize("newest", [0, 500])
def test_many_are_counted_and_can_be_read_to_the_end(campaign, log, zhang, at, monkeypatch, newest):
    monkeypatch.setattr(listing, "NEWEST", newest)
    log(zhang, title="启动会 0")
    with looking():
        _copies(Activity, 129, title=lambda n: f"启动会 {n + 1}", pk=lambda n: uuid.uuid4())
        words.write_missing()
    answer = look(at(zhang), "启动会")
    (group,) = answer.context["groups"]
    assert (len(group["hits"]), group["more"]) == (searching.SHOWN, "96 条以上")
    assert "还有 96 条以上，写得细一点，或者看全部" in said(answer)
    # Where many hold it, those of an edition before are not among them, and the page says so.
    assert OFTEN in said(answer)
    client, seen = at(zhang), []
    url = re.search(r'href="(\?w=[^"]*kind=activities)"', answer.content.decode())[1]
    url = html.unescape(url)
    while url:
        page = client.get(f"/search/{url}")
        assert OFTEN in said(page)
        seen += [hit.what for hit in page.context["page"]]
        more = re.search(r'href="(\?[^"]*)"[^>]*>下一页', page.content.decode())
        url = more and html.unescape(more[1])
    assert len(seen) == len(set(seen)) == 130


def test_few_more_are_counted(campaign, log, zhang, at):
    for n in range(8):
        log(zhang, title=f"启动会 {n}")
    answer = look(at(zhang), "启动会")
    assert [one["more"] for one in answer.context["groups"]] == ["3 条"]


def test_kind_that_there_is_none_of_is_as_all(campaign, log, zhang, wang, at):
    log(zhang, title="启动会")
    url = at(wang).post("/search/", {"q": "启动会"}).url
    for kind in ("nothing", "youth", "cases", "%00"[:2]):
        answer = at(wang).get(f"{url}&kind={kind}&page=x")
        assert answer.status_code == 200
    assert "没有第 9 页了" in said(at(wang).get(f"{url}&kind=activities&page=9"))


# What a version before wrote


def test_what_a_version_before_wrote_is_found_by_letters_once_it_is_said(
    campaign, log, enter, zhang, at
):
    log(zhang, title="春雷启动会")
    with looking():
        enter(zhang, "乔乡才")
        for model in (ActivityWords, PoolWords):
            model.objects.update(pairs=[], is_said=False)
    assert found(at(zhang), "clqd") == found(at(zhang), "qxc") == {}
    assert (words.write_missing(), words.write_missing()) == (1, 0)
    assert (saying.write_unsaid(), saying.write_unsaid()) == (1, 0)
    assert found(at(zhang), "clqd")["活动台账"] == ["春雷启动会"]
    assert found(at(zhang), "qxc")["人才库"] == ["乔**"]


# What it costs


@pytest.mark.parametrize("count", [1, 300])
def test_queries_are_the_same_with_one_of_each_kind_and_with_many(
    request, campaign, log, group, li, wang, zhang, zhao, at, count
):
    text = "启动会"
    log(zhang, title=text)
    item = scene.published(zhang)
    with looking():
        request.getfixturevalue("arrive")(text)
        request.getfixturevalue("enter")(zhang, text)
    scene.at_the_door(zhao, item, name=text)
    events.opened(zhang, title=text)
    if count > 1:
        with looking():
            _copies(Activity, count, pk=lambda n: uuid.uuid4())
            words.write_missing()
            _copies(Event, count)
            _copies(EventGroup, count, name=lambda n: f"第 {n} 组")
            _copies(TalentRecord, count, phone_mark=lambda n: n, identity_mark=lambda n: None)
            _copies(ServiceRequest, count, number=lambda n: f"{n:08}", person_mark=lambda n: n)
    asked = {}
    for name, user in (("province", li), ("city", wang), ("county", zhang), ("street", zhao)):
        client = warm(at(user))
        look(client, text)
        url = client.post("/search/", {"q": text}).url
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(url)
        assert answer.status_code == 200
        asked[name] = len(seen) - 1  # the last puts back who the test is
    # Few are looked up by their marks; of many the newest are enough.
    few = {"province": 10, "city": 10, "county": 10, "street": 10}
    assert asked == (few if count == 1 else {"province": 6, "city": 6, "county": 7, "street": 10})
    assert {"活动台账", "活动报名", "代办件", "人才库", "报到的青年"} <= found(
        at(zhang), text
    ).keys()


def test_words_apart_are_all_to_be_held():
    assert Sought("张 三").words == ["张三"]
    assert Sought("太原　ＫＴＶ  苹果").words == ["太原", "ktv", "苹果"]
    assert Sought("启动 xdq").is_in("小店区启动会")
    assert not Sought("启动 zhq").is_in("小店区启动会")


# Plans and summaries


@pytest.mark.parametrize("text", ["太原 方案", "tys", "团太原市委实施方案", "实施方案 2019年"])
def test_plan_is_found_by_its_unit_what_it_is_and_its_edition(
    campaign, plan, wang, zhou, li, zhang, text, at
):
    assert found(at(wang), text)["实施方案"] == ["团太原市委实施方案"]
    answer = look(at(wang), text)
    assert f'href="/plans/{plan.pk}/"' in said(answer)
    assert f"{campaign.title} · 草稿" in said(answer)
    assert "实施方案" not in found(at(li), text)  # a draft is its city's own business
    for other in (zhou, zhang):
        assert "实施方案" not in found(at(other), text), other
    with looking():
        plan.__class__.objects.filter(pk=plan.pk).update(state="submitted", sent_at=now())
    assert found(at(li), text)["实施方案"] == ["团太原市委实施方案"]


def test_summary_is_found_beside_the_plan(campaign, plan, summary, wang, at):
    groups = found(at(wang), "太原")
    assert (groups["实施方案"], groups["总结"]) == (["团太原市委实施方案"], ["团太原市委总结"])
    assert "实施方案" not in found(at(wang), "太原 总结")
