"""What papers and stories tell is true when it can be read: what was taken back in the night is not
said in the morning."""

import datetime as dt

import pytest
from django.utils.timezone import get_current_timezone

from campaigns.actions import log as logging
from qingchun.notifications.models import Message
from reports.library.actions import exemplars, keeping
from reports.papers.actions import changes, review  # noqa: F401  changes: its steps
from tests.conftest import with_number
from tests.endings import ends, unsent
from tests.reports.test_kept import (  # noqa: F401
    chosen,
    entry,
    exemplar,
    policy,
    practice,
    published,
    ren,
)


@pytest.fixture
def night(wang, zhang, winter):
    """Half past ten; 王太原 and 张小店 have a telephone and an address for letters."""
    for number, user in enumerate((wang, zhang)):
        with_number(user, f"1380000910{number}")
        user.email = f"{user.username}@example.com"
        user.save(update_fields=["email"])
    winter.move_to(dt.datetime(2019, 1, 8, 22, 30, tzinfo=get_current_timezone()))


def waiting():
    found = Message.objects.filter(state="due", channel="sms").exclude(purpose="deadline")
    return sorted(found.values_list("purpose", flat=True))


REMARKS = {"plan": {"text": "改"}, "summary": {"overview": "改"}}


def send_back(paper, li):
    review.send_back(paper, actor=li, remarks=REMARKS[paper.purpose])


@ends("plan_returned", "plan_recalled", "plan_approved", "plan_unapproved")
def test_city_hears_only_where_its_plan_stands(night, plan, wang, li, winter):
    there_and_back(plan, wang, li, winter)


@ends("plan_changed", "plan_change_refused")
def test_city_hears_only_what_was_said_of_its_last_change(night, plan, wang, li):
    def take(name, actor, **given):
        review.PLANS.steps[name].act(plan, actor=actor, **given)

    for name, actor in (("submit", wang), ("review", li), ("approve", li)):
        take(name, actor)
    take("ask-change", wang, reason="大雪封路")
    assert waiting() == []
    plan.sections.filter(key="text").update(content={"text": "改过的"})
    take("send-change", wang)
    take("refuse-change", li, words="先商量")
    assert waiting() == ["plan_change_refused"]
    take("send-change", wang)
    assert waiting() == []
    take("agree-change", li)
    assert waiting() == ["plan_changed"]
    take("ask-change", wang, reason="又下雪")
    assert waiting() == []


@ends("summary_returned", "summary_recalled", "summary_approved", "summary_unapproved")
def test_city_hears_only_where_its_summary_stands(night, summary, wang, li, winter):
    there_and_back(summary, wang, li, winter)


def there_and_back(paper, wang, li, winter):
    named = paper.purpose
    review.submit(paper, actor=wang)
    review.start_review(paper, actor=li)
    send_back(paper, li)
    assert waiting() == [f"{named}_returned"]
    review.recall(paper, actor=li)
    assert waiting() == [f"{named}_recalled"]
    winter.shift(60)
    review.approve(paper, actor=li)
    assert waiting() == [f"{named}_approved"]
    review.unapprove(paper, actor=li)
    assert waiting() == [f"{named}_unapproved"]
    send_back(paper, li)
    assert waiting() == [f"{named}_returned"]
    review.submit(paper, actor=wang)
    assert waiting() == []


@ends("policy_ends")
def test_policy_that_was_withdrawn_or_goes_on_is_not_said_to_end(night, zhang):
    record = policy(is_lasting=False, valid_until=dt.date(2019, 1, 22))
    keeping.save_policy(record, actor=zhang)
    keeping.remind_of_ends(dt.date(2019, 1, 8))
    assert unsent("policy_ends", zhang)
    record.valid_until = dt.date(2019, 1, 23)
    keeping.save_policy(record, actor=zhang, changed=["valid_until"])
    assert unsent("policy_ends") == []
    keeping.remind_of_ends(dt.date(2019, 1, 9))
    assert "1月23日" in unsent("policy_ends", zhang)[0].text
    keeping.withdraw_policy(record, actor=zhang)
    assert unsent("policy_ends") == []


@ends("practice_chosen")
def test_practice_that_was_dropped_is_not_said_to_be_shown(night, chosen, li):  # noqa: F811
    assert unsent("practice_chosen")
    keeping.drop_practice(chosen, actor=li)
    assert unsent("practice_chosen") == []


@ends("exemplar_published")
def test_story_that_its_unit_withdrew_is_not_said_to_be_published(
    night, exemplar, ren, zhang, wang, li  # noqa: F811
):  # fmt: skip
    published(exemplar, ren, zhang, wang, li)
    assert unsent("exemplar_published", zhang)
    exemplars.withdraw(exemplar, actor=zhang)
    assert unsent("exemplar_published") == []


@ends("activity_question")
def test_entry_that_was_deleted_is_not_asked_about(night, log, wang, zhang):
    activity = log(zhang)
    logging.ask(activity, actor=wang, text="参加人数是否包含志愿者？")
    assert unsent("activity_question", zhang)
    logging.delete_activity(activity, actor=zhang, reason="登记错了")
    assert unsent("activity_question") == []
