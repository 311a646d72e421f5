"""The province's compilation: the cities' summaries side by side, people counted once."""

import pytest
from django.utils.timezone import now

from campaigns.models import Undertaking
from qingchun.organizations.walls import rls_context
from reports.papers import compiling, figures, summing
from reports.papers.actions import review
from talent.youth.models import CheckIn, Youth
from tests.conftest import written
from tests.reports.test_summary import by_sql, values


@pytest.fixture
def two_sent(sent, zhou, li):
    review.submit(written(sent.campaign, zhou), actor=zhou)
    return sent.campaign


@pytest.mark.notice("4.3.2")
def test_compilation_adds_up_what_was_sent(client, two_sent, li):
    client.force_login(li)
    found = compiling.compiled(two_sent, li)
    assert (len(found.cities), len(found.sent), len(found.on_time)) == (11, 2, 2)
    assert values(found.figures)["all.participants"] == by_sql("14")[1] == 1100
    page = client.get("/summaries/compilation/").content.decode()
    assert "1,100" in page
    assert "91%" in page


def checked_in(campaign, code, phone):
    with rls_context(scope=code):
        youth = Youth.objects.create(
            organization_id=code, name="乔两家", phone=phone, kind="worker", age="adult"
        )
        CheckIn.objects.create(organization_id=code, youth=youth, campaign=campaign, kind="worker")


def test_somebody_in_two_cities_is_one_person_of_the_province(campaign, summary, wang, zhou, li):
    for code, phone in (
        ("140105", "13800009901"),
        ("140213", "13800009901"),
        ("140213", "13800009902"),
    ):
        checked_in(campaign, code, phone)
    review.submit(summary, actor=wang)
    review.submit(written(campaign, zhou), actor=zhou)
    found = {f.name: f for f in compiling.compiled(campaign, li).figures}
    assert found["all.people"].units == {"1401": 1, "1402": 2}
    assert found["all.people"].value == 2


def test_figure_of_which_the_largest_counts_is_not_added_up(
    campaign, log, zhang, sun, wu, wang, zhou, li
):
    kind = campaign.kinds.get(key="sharing")
    kind.measures.filter(key="speakers").update(adds="most")
    for actor, speakers in ((zhang, 3), (sun, 5), (wu, 4)):
        log(actor, kind=kind, figures={"speakers": speakers})
    for actor in (wang, zhou):
        review.submit(written(campaign, actor), actor=actor)
    found = {f.name: f for f in compiling.compiled(campaign, li).figures}
    assert found["sharing.m-speakers"].units == {"1401": 5, "1402": 4}
    assert found["sharing.m-speakers"].value == 5


def test_unit_that_says_there_is_nothing_owes_nothing(campaign, undertaken, summary, zhang):
    rows = Undertaking.objects.filter(organization_id="140105", kind__key="talent_pool")
    rows.update(nothing_to_report_at=summary.campaign.deadlines.first().decided_at or now())
    account = summing.Account(summary)
    assert list(account.owing.values()) == [["“民事代办”绿色通道"]]
    assert account.promises["talent_pool"].said == "方案已选，单位说明没有可报"


def test_provinces_own_summary_is_drafted_and_closed_by_itself(client, two_sent, li):
    own = written(two_sent, li)
    text = own.sections.get(key="overview").content["text"]
    assert "已开展活动5场，参加1,100人次，2个市登记了活动" in text
    client.force_login(li)
    client.post(f"/summaries/{own.pk}/own/settle/")
    own.refresh_from_db()
    assert own.state == "approved"


@pytest.mark.parametrize("cities", [1, 2])
def test_compilation_costs_the_same_for_one_summary_and_for_two(
    client, sent, zhou, li, cities, django_assert_num_queries
):
    if cities == 2:
        review.submit(written(sent.campaign, zhou), actor=zhou)
    client.force_login(li)
    client.get("/me/")
    # Twelve, and one that puts back the scope that the test arranged with.
    with django_assert_num_queries(13):
        client.get("/summaries/compilation/")


def test_somebody_in_two_counties_is_one_person_of_their_city(campaign, summary):
    for code, phone in (
        ("140105", "13800009901"),
        ("140106", "13800009901"),
        ("140106", "13800009902"),
    ):
        checked_in(campaign, code, phone)
    found = {f.name: f for f in figures.count(campaign, summary.organization)}
    assert found["all.people"].value == found["checkin.people"].value == 2
    assert found["all.people"].units == {"140105": 1, "140106": 2}
