import datetime as dt

import pytest

from campaigns.actions.editions import extend
from campaigns.choices import DeadlineType
from reports.papers.actions import review
from reports.papers.choices import Punctuality
from reports.papers.punctuality import punctuality
from reports.papers.standing import paper_rows, punctuality_counts
from tests.conftest import unit

DUE, UNTIL = dt.date(2019, 1, 10), dt.date(2019, 1, 15)


def at(text):
    return dt.datetime.fromisoformat(f"2019-01-{text}+08:00")


@pytest.mark.notice("4.1.2")
@pytest.mark.parametrize(
    ("sent", "until", "now", "how"),
    [
        ("10T23:59:59", None, "20T00:00", Punctuality.ON_TIME),
        ("11T00:00:00", None, "20T00:00", Punctuality.LATE),
        (None, None, "10T23:59:59", Punctuality.NOT_DUE),
        (None, None, "11T00:00:00", Punctuality.LATE),
        ("09T12:00", UNTIL, "20T00:00", Punctuality.ON_TIME),
        ("15T23:59:59", UNTIL, "20T00:00", Punctuality.EXTENDED),
        ("16T00:00:00", UNTIL, "20T00:00", Punctuality.LATE),
        (None, UNTIL, "12T00:00", Punctuality.EXTENDED),
        (None, UNTIL, "15T23:59:59", Punctuality.EXTENDED),
        (None, UNTIL, "16T00:00:00", Punctuality.LATE),
    ],
)
def test_both_sides_of_every_boundary(sent, until, now, how):
    assert punctuality(sent and at(sent), DUE, until, at(now)) == how


def test_returned_on_the_9th_and_sent_again_on_the_12th_is_on_time(plan, wang, li, winter):
    review.submit(plan, actor=wang)
    winter.move_to(at("09T10:00"))
    review.start_review(plan, actor=li)
    review.send_back(plan, actor=li, remarks={"text": "改"})
    winter.move_to(at("12T10:00"))
    review.submit(plan, actor=wang)
    row = paper_rows("plan", plan.campaign, li)[0]
    assert (row["punctuality"], row["plan"].number) == (Punctuality.ON_TIME, 2)


def test_on_time_extended_and_late_add_up_to_what_was_expected(plan, wang, li, winter):
    review.submit(plan, actor=wang)
    extend(
        plan.campaign.deadlines.get(purpose=DeadlineType.PLAN),
        actor=li, organization=unit("1402"), until_on=UNTIL, reason="大雪",
    )  # fmt: skip
    winter.move_to(at("12T10:00"))
    counts = {
        how: count for how, _, count in punctuality_counts(paper_rows("plan", plan.campaign, li))
    }
    assert counts == {
        Punctuality.ON_TIME: 1, Punctuality.EXTENDED: 1, Punctuality.LATE: 9, Punctuality.NOT_DUE: 0,
    }  # fmt: skip
