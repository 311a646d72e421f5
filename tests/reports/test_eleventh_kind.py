"""The province adds a kind to an edition that runs: cities choose it, counties log it, boards show it."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from campaigns.actions import editions
from campaigns.counting import page_of, registered
from campaigns.models import Activity, ActivityKind
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from reports.papers.actions import review

SHOW = {
    "name": "乡村春晚", "short_name": "乡村春晚", "group": "service", "run_by": "县、乡两级",
    "measures-TOTAL_FORMS": "1", "measures-INITIAL_FORMS": "0",
    "measures-0-label": "演出节目", "measures-0-unit": "个", "measures-0-adds": "sum",
}  # fmt: skip


def at(user):
    client = Client()
    client.force_login(user)
    return client


def page(campaign):
    return f"/campaigns/{campaign.pk}/kinds/new/"


def added(campaign, li, name="乡村春晚"):
    kind = ActivityKind(
        campaign=campaign, name=name, short_name=name[:10], group="service", run_by="县级"
    )
    editions.change_kind(kind, actor=li, measures=[], changed=["name"])
    return kind


def test_kind_added_on_a_page_is_chosen_planned_logged_and_shown(campaign, plan, li, wang, zhang):
    shown = at(li).get(page(campaign)).content.decode()
    assert "加一项活动" in shown
    assert "本市创新" not in shown  # that is a city's own
    assert at(li).post(page(campaign), SHOW).status_code == 302
    kind = campaign.kinds.get(name="乡村春晚")
    assert (kind.key, kind.number, kind.group, kind.city) == ("kind11", 11, "service", None)
    assert [(m.key, m.label) for m in kind.measures.all()] == [("own1", "演出节目")]
    line = AuditEvent.objects.get(verb="加一项活动")
    assert (line.actor_name, line.facts["kind"]) == ("李省", "kind11")

    # The city chooses it and gives it to a county.
    city = at(wang)
    assert "乡村春晚" in city.get(f"/plans/{plan.pk}/edit/").content.decode()
    chosen = ["homecoming", "talent_pool", "proxy", "kind11"]
    url = f"/plans/{plan.pk}/sections/"
    as_json = {"HTTP_ACCEPT": "application/json"}
    city.post(f"{url}kinds/", {"chosen": chosen, "version": 0}, **as_json)
    rows = {"unit_1401": "homecoming", "unit_140105": ["talent_pool", "proxy", "own1", "kind11"]}
    city.post(f"{url}grid/", rows | {"version": 0}, **as_json)
    people = plan.sections.get(key="people").content
    people["kinds"]["kind11"] = people["first"]
    plan.sections.filter(key="people").update(content=people)
    review.submit(plan, actor=wang)
    review.start_review(plan, actor=li)
    review.approve(plan, actor=li)

    # The county finds it first among the kinds to log, with what is asked of it.
    county = at(zhang)
    log = county.get("/activities/new/")
    assert "kind11" in [one.key for one in log.context["first"]]
    entry = {
        "entry": str(uuid.uuid4()), "kind": "kind11", "held_on_year": 2019, "held_on_month": 1,
        "held_on_day": 7, "place": "坞城村戏台", "participants": 300,
        f"figure_{kind.pk}_own1": 12,
    }  # fmt: skip
    assert county.post("/activities/new/", entry).status_code == 302
    assert Activity.objects.get().figures == {"own1": 12}
    for user, where in ((zhang, "/board/140105/"), (wang, "/board/1401/"), (li, "/board/")):
        assert "乡村春晚" in at(user).get(where).content.decode(), where


def test_city_adds_none(campaign, wang):
    assert at(wang).get(page(campaign)).status_code == 403
    with pytest.raises(PermissionDenied):
        added(campaign, wang)


def test_name_that_is_there_and_a_locked_edition_are_refused_on_the_form(campaign, li):
    answer = at(li).post(page(campaign), SHOW | {"name": "送温暖"})
    assert "这次行动已经有这一项" in answer.content.decode()
    empty = at(li).post(page(campaign), SHOW | {"run_by": "", "group": "innovation"})
    assert set(empty.context["form"].errors) == {"run_by", "group"}
    editions.lock_edition(campaign, actor=li)
    assert "已经总结锁定" in at(li).post(page(campaign), SHOW).content.decode()
    with pytest.raises(Refused, match="锁定"):
        added(campaign, li)
    assert campaign.kinds.count() == 10


def test_same_kind_has_the_same_key_in_every_winter(campaign, li):
    next_winter = editions.copy_edition(campaign, actor=li, year=2020, by_festival=True)
    first, second = added(campaign, li), added(campaign, li, "冰雪运动会")
    assert (first.key, second.key, second.number) == ("kind11", "kind12", 12)
    assert [added(next_winter, li, name).key for name in ("冰雪运动会", "读书会", "乡村春晚")] == [
        "kind12", "kind13", "kind11",
    ]  # fmt: skip


def test_added_kind_goes_on_in_the_next_edition_with_its_measures(campaign, li):
    at(li).post(page(campaign), SHOW)
    (kind,) = campaign.kinds.filter(number__gt=10, city=None)
    fresh = editions.copy_edition(campaign, actor=li, year=2020, by_festival=True)
    (same,) = fresh.kinds.filter(number__gt=10)
    facts = ("key", "number", "group", "name", "short_name", "run_by")
    assert [getattr(same, name) for name in facts] == [getattr(kind, name) for name in facts]
    told = ("key", "label", "unit", "adds", "position")
    measures = list(kind.measures.values_list(*told))
    assert measures
    assert list(same.measures.values_list(*told)) == measures
    assert campaign.kinds.filter(pk=kind.pk).exists()


def test_each_figure_leads_to_the_page_of_the_app_that_counts_it():
    events = ("homecoming", "internship", "sharing", "warmth", "matchmaking")
    assert {(name.partition("-")[0], page_of(name)) for name in registered()} == {
        ("checkin", "talent:youth"), ("talent_pool", "talent:youth"), ("proxy", "proxy:board"),
        ("sharing", "vacancies:desk"), *((kind, "events:desk") for kind in events),
    }  # fmt: skip
