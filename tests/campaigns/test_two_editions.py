"""Two editions open at once: the form knows its own, and asks about a day of the other."""

import datetime as dt
import uuid

import pytest
import time_machine

from campaigns.actions import editions, feeds
from campaigns.actions import log as log_actions
from campaigns.models import Activity, Campaign
from qingchun.accounts.duties import duties_of
from qingchun.organizations.walls import rls_context
from services.events.actions import warmth
from services.events.models import Visit

NEW = "/activities/new/"
NEXT_WINTER = "2020-01-08 09:00+08:00"


@pytest.fixture
def following(campaign, li):
    """The winter after, opened a year ahead."""
    fresh = editions.copy_edition(campaign, actor=li, year=2020, by_festival=False)
    editions.open_edition(fresh, actor=li)
    return fresh


def typed(edition, day, **more):
    facts = {"held_on_year": day.year, "held_on_month": day.month, "held_on_day": day.day}
    facts |= {"entry": str(uuid.uuid4()), "kind": "sharing", "place": "政务大厅"}
    return facts | {"campaign": edition.pk, "participants": 46} | more


def test_the_form_logs_into_the_edition_it_was_opened_for(client, zhang, campaign, following):
    """Whatever runs meanwhile, and whatever its address says."""
    client.force_login(zhang)
    page = client.get(f"{NEW}?campaign={campaign.pk}").content.decode()
    assert f'name="campaign"\n value="{campaign.pk}"' in page
    with time_machine.travel(NEXT_WINTER, tick=False):
        client.force_login(zhang)
        client.post(NEW, typed(campaign, dt.date(2019, 1, 7)))
    assert Activity.objects.get().campaign == campaign


def test_a_day_before_an_edition_is_offered_to_the_one_it_belongs_to(
    client, zhang, campaign, following
):
    sharing = following.kinds.get(key="sharing")
    figure = f"figure_{sharing.pk}_speakers"
    client.force_login(zhang)
    given = typed(following, dt.date(2019, 1, 7), **{figure: 3})
    page = client.post(NEW, given)
    text = page.content.decode()
    assert f"2019年1月7日是{campaign}的日子，请选登记到哪一次。" in text
    assert f"登记到{campaign}" in text
    assert f"仍登记到{following}" not in text
    assert (page.context["form"]["place"].value(), page.context["form"][figure].value()) == (
        "政务大厅", "3",
    )  # fmt: skip
    answer = client.post(NEW, given | {"campaign": [following.pk, campaign.pk]})
    assert f"?logged={following.pk}" in answer["Location"]  # whose kept words are done with
    activity = Activity.objects.get()
    assert (activity.campaign, activity.kind.key, activity.figures) == (
        campaign, "sharing", {"speakers": 3},
    )  # fmt: skip


def test_a_day_of_the_next_edition_is_asked_about_and_may_stay(client, zhang, campaign, following):
    """The last stage has no end: what follows from it may be logged in the next winter's days."""
    with time_machine.travel(NEXT_WINTER, tick=False):
        client.force_login(zhang)
        given = typed(campaign, dt.date(2020, 1, 7))
        text = client.post(NEW, given).content.decode()
        assert f"登记到{following}" in text
        assert f"仍登记到{campaign}" in text
        assert not Activity.objects.exists()
        client.post(NEW, given | {"keeps": "1"})
    assert Activity.objects.get().campaign == campaign


def test_a_form_of_an_edition_that_has_not_begun_leads_to_the_one_that_runs(
    client, zhang, campaign, following
):
    client.force_login(zhang)
    answer = client.get(f"{NEW}?campaign={following.pk}")
    assert answer.context["form"]["held_on"].value() is None  # none of its days could be taken
    page = answer.content.decode()
    assert "才开始。现在的活动请" in page
    assert f"登记到{campaign}" in page
    assert "才开始。现在的活动请" not in client.get(NEW).content.decode()


def test_a_question_stands_in_its_own_edition_alone(client, zhang, wang, campaign, log, following):
    log_actions.ask(log(zhang), actor=wang, text="人数对吗？")
    client.force_login(zhang)
    assert "人数对吗？" in client.get("/board/").content.decode()
    assert "人数对吗？" not in client.get(f"/board/?campaign={following.pk}").content.decode()
    with time_machine.travel(NEXT_WINTER, tick=False):
        client.force_login(zhang)
        assert "人数对吗？" not in client.get("/board/").content.decode()
        (waiting,) = duties_of("140105")
        assert f"campaign={campaign.pk}&" in waiting.url
        assert "上门登记" in client.get(waiting.url).content.decode()


def test_what_is_written_down_late_counts_for_the_edition_of_its_day(zhang, campaign, following):
    with (
        time_machine.travel(NEXT_WINTER, tick=False),
        rls_context(scope="140105", person=zhang.pk),
    ):
        for year in (2019, 2020):
            warmth.visit(
                actor=zhang, on=dt.date(year, 1, 7), name="王五", place="东村", found="伤", given="米",
            )  # fmt: skip
        found = Visit.objects.order_by("on").values_list("campaign", flat=True)
        assert list(found) == [campaign.pk, following.pk]


def test_a_calendar_has_no_days_of_what_is_being_prepared(campaign, li, wang, following):
    editions.close_edition(following, actor=li)
    assert {owed.deadline.campaign_id for owed in feeds.owed_by(wang.acting)} == {campaign.pk}


def test_a_program_sees_what_its_person_sees(client, campaign, li, zhang, following):
    editions.close_edition(following, actor=li)
    for user, seen in ((zhang, {campaign.pk}), (li, {campaign.pk, following.pk})):
        client.force_login(user)
        answer = client.get("/api/v1/campaigns/").json()
        rows = answer["results"] if isinstance(answer, dict) else answer
        assert {row["id"] for row in rows} == seen


def test_between_two_no_edition_is_at_work(campaign, li):
    assert Campaign.objects.at_work() == campaign
    editions.lock_edition(campaign, actor=li)
    assert (Campaign.objects.at_work(), Campaign.objects.current()) == (None, campaign)
