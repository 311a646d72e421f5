"""The form of an entry begins with what its unit did last; what was logged is ready to be sent on."""

import datetime as dt
import uuid
from urllib.parse import quote_plus

import pytest

from campaigns.actions.editions import create_edition
from campaigns.catalogue import SAID, TEN
from campaigns.forwarding import forwarded
from campaigns.models import Activity
from campaigns.proposals import PLACES

NEW = "/activities/new/"


@pytest.fixture
def page(client, zhang):
    client.force_login(zhang)
    return lambda **asked: client.get(NEW, asked)


def test_kind_of_last_time_stands_first_and_is_not_chosen(
    page, log, zhang, zhao, sun, campaign, winter
):
    warmth = campaign.kinds.get(key="warmth")
    log(zhang)
    winter.shift(60)
    log(zhang, kind=warmth, place="太原南站")
    winter.shift(60)
    log(sun, kind=campaign.kinds.get(key="sharing"))  # the county next door
    log(zhao, kind=campaign.kinds.get(key="sharing"))  # its own street
    context = page().context
    assert [kind.key for kind in context["first"]][:2] == ["warmth", "publicity"]
    assert context["chosen"] is None


def test_kind_of_last_time_stands_before_those_of_the_plan(page, log, zhang, undertaken, campaign):
    log(zhang, kind=campaign.kinds.get(key="warmth"))
    assert [k.key for k in page().context["first"]] == ["warmth", "talent_pool", "proxy"]


def test_places_are_the_units_own_each_once_and_the_latest_first(page, log, zhang, zhao, winter):
    for number in range(PLACES + 2):
        log(zhang, place=f"第{number}处")
        winter.shift(60)
    log(zhang, place="第3处", held_on=dt.date(2019, 1, 2))
    log(zhao, place="坞城街道办事处")
    assert page().context["places"] == ["第3处", "第7处", "第6处", "第5处", "第4处", "第2处"]
    assert ">第3处</button>" in page().content.decode()


def test_new_winter_begins_with_the_places_of_the_last(page, log, zhang, campaign, winter):
    log(zhang, place="区文化馆")
    winter.move_to(dt.datetime(2019, 7, 10, 9, tzinfo=dt.UTC))
    create_edition(
        title="2019年暑期行动", stages=(("组织发动", "", dt.date(2019, 7, 1), None),),
        ends_on=dt.date(2019, 8, 31), state="open", deadlines={},
    )  # fmt: skip
    context = page().context
    assert (context["places"], context["first"][0].key) == (["区文化馆"], "proxy")
    assert context["campaign"] != campaign


@pytest.mark.parametrize("entries", [0, 1, 60])
def test_form_asks_as_often_for_many(page, log, zhang, django_assert_num_queries, entries):
    for number in range(entries):
        log(zhang, place=f"第{number}处")
    with django_assert_num_queries(11):
        page()


def test_today_and_yesterday_are_offered_while_they_are_days_of_the_edition(page, campaign, winter):
    assert page().context["days"] == ["今天", "昨天"]
    winter.move_to(dt.datetime(2018, 12, 21, 9, tzinfo=dt.UTC))
    assert page().context["days"] == ["今天"]
    winter.move_to(dt.datetime(2019, 5, 1, 9, tzinfo=dt.UTC))
    assert page().context["days"] == []


def test_once_more_keeps_kind_and_place_and_asks_day_and_people(client, zhang, log):
    client.force_login(zhang)
    activity = log(zhang, place="一楼 A&B 室", participants=30)
    link = f"{NEW}?campaign={activity.campaign_id}&amp;kind=proxy&amp;place={quote_plus('一楼 A&B 室')}"
    assert link in client.get(activity.get_absolute_url()).content.decode()
    form = client.get(link.replace("&amp;", "&")).context["form"]
    assert (form["kind"].value(), form["place"].value()) == ("proxy", "一楼 A&B 室")
    assert (form["held_on"].value(), form["participants"].value()) == (dt.date(2019, 1, 8), None)


def test_what_a_notice_is_read_by_knows_whose_it_may_be(
    client, zhang, zhao, wang, li, page, campaign
):
    def own(user):
        client.force_login(user)
        return client.get(NEW).context["notices"]

    county, street, city, province = (own(user) for user in (zhang, zhao, wang, li))
    assert (county["here"], county["own"]) == ("小店区", ["小店区"])
    assert {"平城区", "迎泽区", "大同市"} <= {*county["others"]}
    assert not {"太原市", "小店区", "山西省"} & {*county["others"]}
    assert (street["here"], street["own"]) == ("坞城街道", ["坞城街道", "小店区"])
    assert "迎泽区" in city["own"]
    assert "平城区" in city["others"]
    assert province["others"] == []
    assert county["from"] == "2018-12-21"
    assert len(county["kinds"]) == 10


def test_every_kind_of_the_notice_has_words():
    assert {*SAID} == {key for key, *_ in TEN}
    assert all(len(words) == len({*words}) >= 3 for words in SAID.values())


# Afterwards


@pytest.fixture
def typed(campaign):
    return {
        "entry": str(uuid.uuid4()), "kind": "sharing", "held_on": "2019-01-07", "place": "融媒体中心",
        "participants": 1086, "sure": "crowd:1086", "text": "现场答疑。",
    }  # fmt: skip


def test_what_was_logged_is_ready_to_be_sent_on(client, zhang, wang, sun, typed, campaign):
    client.force_login(zhang)
    sharing = campaign.kinds.get(key="sharing")
    page = client.post(NEW, typed | {f"figure_{sharing.pk}_policies": 9}, follow=True)
    said = "【青春兴晋】1月7日，小店区在融媒体中心开展就业创业分享，1,086人参加，宣讲政策9项。\n现场答疑。"
    assert page.context["forwarded"] == said
    assert (
        "data-forward open" in page.content.decode() or "open data-forward" in page.content.decode()
    )
    # Later it is folded; a unit above reads the entry and forwards nothing in its name.
    url = Activity.objects.get().get_absolute_url()
    assert "data-forward>" in client.get(url).content.decode()
    client.force_login(wang)
    assert "转发到群里" not in client.get(url).content.decode()


def test_title_that_somebody_gave_is_what_was_done(log, zhang):
    activity = log(zhang, title="“晋才夜话”第一场", participants=0)
    assert forwarded(activity, []) == "【青春兴晋】1月7日，小店区在政务大厅开展“晋才夜话”第一场。"
