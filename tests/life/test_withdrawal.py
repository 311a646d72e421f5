"""A consent taken back reaches whatever became of what rested on it: merged, handed over, copied.

The oracle asks no law: it looks for name, numbers and words in every column of the purpose's tables.
"""

import random

import pytest

from campaigns import counting
from campaigns.actions import mergers
from qingchun.notifications.models import Message
from qingchun.organizations.models import Organization
from reports.library.models import Voice
from services.events.models import Signup
from talent.youth.actions import consents, groups
from talent.youth.choices import IN_PLACE, OPTIONAL, ConsentPurpose
from talent.youth.models import CheckIn, Consent
from tests.events import scene as events
from tests.life.person import HERE, Life, Stage, texts, where
from tests.looking import looking

pytestmark = pytest.mark.django_db

MATCHING = ("events_profile", "events_choice", "events_match", "events_signup")
# Where something of a purpose may stand, and the step by which it comes to be.
OF = {
    ConsentPurpose.POOL: ("talent_talentrecord", "talent_followup", "talent_likeness", "talent_opening"),
    ConsentPurpose.MATCHMAKING: MATCHING,
    ConsentPurpose.VOICE: ("reports_voice",),
    ConsentPurpose.HOST: ("events_signup",),
    ConsentPurpose.WORK: ("vacancies_interest",),
}  # fmt: skip


def merged_records(life):
    life.goes("old_record")
    life.goes("merges_records")


def merged_check_ins(life):
    life.goes("nameless_door")
    life.goes("merges_check_ins")


def handed_over(life):
    life.goes("next_county")
    life.goes("handed_over")


def merged_unit(life):
    Organization.objects.filter(pk=HERE).update(closed_on="2019-01-01", succeeded_by="140106")
    mergers.carry_out()
    life.goes("contacted")


HAPPENED = [None, merged_records, merged_check_ins, handed_over, merged_unit]


@pytest.fixture
def life(campaign, zhang, sun, wang):
    """Somebody who has agreed to everything, and given what each purpose holds."""
    stage = Stage(zhang, sun)
    stage.of_the_city = events.opened(wang, questions=stage.event.questions)
    life = Life(random.Random(3), stage)
    life.goes("comes")
    with looking():
        consents.give(life.youth, {*OPTIONAL})
    for step in ("talked_to", "speaks", "dates", "signs_up", "wants_work"):
        life.goes(step)
    events.joined(life.user, stage.of_the_city, given={"q1": life.say("市")})
    return life


def signups(life):
    """(home's own, the evening, the city's), with all that tells of a person."""
    with looking():
        found = {s.event_id: s for s in Signup.objects.filter(user=life.user)}
        mine = [found[e.pk] for e in (life.stage.event, life.stage.evening, life.stage.of_the_city)]
        return [(s.is_standing, s.name, s.phone, s.answers != {}) for s in mine]


@pytest.mark.parametrize("happened", HAPPENED)
@pytest.mark.parametrize("purpose", OF)
def test_nothing_of_a_purpose_is_left(life, purpose, happened):
    if happened:
        happened(life)
        life.goes("exports")
    tables = [(table, names) for table, names in texts() if table in OF[purpose]]
    sought = life.sought()
    assert where(sought, tables)
    files = [voice.picture for voice in Voice.objects.filter(user=life.user)]
    before = signups(life)
    with looking():
        assert Consent.objects.filter(purpose=purpose, withdrawn_at=None).count() == 1
        consents.withdraw(life.youth, purpose)
        assert counting.differences() == []
        assert not Consent.objects.filter(purpose=purpose, withdrawn_at=None).exists()
        wishes = {want for one in CheckIn.objects.all() for want in one.wants}
        assert purpose not in wishes
    own, evening, city = signups(life)
    gone = (False, "", "", False)
    assert own == before[0]  # at home they are still expected
    assert evening == (gone if purpose == ConsentPurpose.MATCHMAKING else before[1])
    assert city == (gone if purpose == ConsentPurpose.HOST else before[2])
    if "events_signup" not in OF[purpose]:
        assert where(sought, tables) == set()
    if purpose == ConsentPurpose.VOICE:
        assert files
        assert not Voice.objects.filter(user=life.user).exists()


@pytest.mark.parametrize("happened", HAPPENED)
def test_no_message_goes_to_whoever_wants_none(life, happened):
    with looking():
        groups.send_note(
            life.stage.group, actor=life.stage.zhang, kind="news", title="新消息", text="都看看"
        )
    due = Message.objects.filter(recipient=life.user, purpose="group_note", state="due")
    if happened:
        happened(life)
    with looking():
        assert due.exists()
        consents.withdraw(life.youth, ConsentPurpose.MESSAGES)
        assert not due.exists()


def test_every_consent_that_can_be_taken_back_is_tried():
    assert {*OF, ConsentPurpose.MESSAGES} == {*OPTIONAL, *IN_PLACE}
