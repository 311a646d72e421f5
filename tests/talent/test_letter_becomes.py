"""What becomes of a letter home: consent taken back, account deleted, people and counties merged."""

import pytest

from campaigns.actions import mergers
from qingchun.notifications.models import Message
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from talent.youth.actions import consents, leaving, letter_copies, people
from talent.youth.choices import ConsentPurpose
from talent.youth.exports import everything_about
from talent.youth.models import LetterCopy, Youth
from tests.endings import ends, unsent
from tests.looking import looking
from tests.talent.letters import figures, own_path, page, sent, sitting, told

MESSAGES = [ConsentPurpose.MESSAGES]


@ends("home_letter")
def test_consent_taken_back_cancels_what_waits_and_shuts_the_page(
    campaign, zhang, arrive, at, winter
):
    winter.move_to("2019-01-08 22:30+08:00")
    youth = arrive(agreed=MESSAGES)
    sent(zhang, campaign)
    path = own_path(youth)
    with rls_context(person=youth.user_id):
        consents.withdraw(youth, ConsentPurpose.MESSAGES)
    assert unsent("home_letter") == []
    assert at(youth.user).get(path).status_code == 404
    assert letter_copies.send_waiting() == 0
    assert figures() == (1, 0, 0)


def test_account_that_is_deleted_leaves_a_number_of_nobody(campaign, zhang, arrive, at):
    youth = arrive(agreed=MESSAGES)
    sent(zhang, campaign)
    page(at(youth.user), own_path(youth), answer="thanks")
    leaving.forget(youth)
    with looking():
        [copy] = LetterCopy.objects.all()
        assert not Message.objects.filter(purpose="home_letter").exists()
    assert (copy.youth_id, figures()) == (None, (1, 1, 1))


def test_whoever_moves_reads_the_letter_of_their_home_and_is_counted_there(
    campaign, zhang, sun, arrive, at
):
    youth = arrive(agreed=MESSAGES)
    sent(zhang, campaign)
    page(at(youth.user), own_path(youth), answer="thanks")
    with sitting(zhang):
        people.hand_over(youth, actor=zhang, home=Organization.objects.get(pk="140106"))
    assert (figures(), figures("140106")) == ((0, 0, 0), (1, 1, 1))
    assert at(youth.user).get(own_path(youth)).status_code == 404  # nobody wrote there
    sent(sun, campaign, title="迎泽的信")
    assert told(youth) == 1  # once an edition
    assert "迎泽的信" in page(at(youth.user), own_path(youth))


@ends("home_letter")
def test_whoever_moves_before_they_opened_it_gets_that_of_their_home_alone(
    campaign, zhang, sun, arrive, winter
):
    winter.move_to("2019-01-08 22:30+08:00")
    youth = arrive(agreed=MESSAGES)
    sent(zhang, campaign)
    with sitting(zhang):
        people.hand_over(youth, actor=zhang, home=Organization.objects.get(pk="140106"))
    assert (unsent("home_letter"), figures(), figures("140106")) == ([], (0, 0, 0), (0, 0, 0))
    sent(sun, campaign, title="迎泽的信")
    [message] = unsent("home_letter", youth.user)
    assert (message.organization_id, figures("140106")) == ("140106", (1, 0, 0))


def test_two_records_of_one_person_have_one_letter(campaign, zhang, arrive):
    kept, double = (arrive("李重名", agreed=MESSAGES) for _ in range(2))
    sent(zhang, campaign)
    assert figures() == (2, 0, 0)
    with looking():
        Youth.objects.filter(pk=double.pk).update(user=None)
        people.merge(kept, Youth.objects.get(pk=double.pk), actor=zhang)
        assert LetterCopy.objects.get().youth_id == kept.pk
    assert figures() == (1, 0, 0)


@pytest.mark.parametrize("has_own", [False, True])
def test_merged_county_takes_its_letter_along_or_reads_the_other(
    campaign, zhang, sun, arrive, at, has_own
):
    youth = arrive(agreed=MESSAGES)
    sent(zhang, campaign)
    if has_own:
        sent(sun, campaign, title="迎泽的信")
    with looking():
        Organization.objects.filter(pk="140105").update(
            closed_on="2019-01-01", succeeded_by="140106"
        )
        mergers.carry_out()
    assert figures("140106") == (1, 0, 0)
    shown = page(at(youth.user), own_path(youth))
    assert "南街修好了" in shown
    assert ("迎泽的信" in shown) == has_own
    assert (letter_copies.send_waiting(), told(youth)) == (0, 1)


def test_answers_are_taken_along(campaign, zhang, arrive, at):
    youth = arrive(agreed=MESSAGES)
    sent(zhang, campaign)
    page(at(youth.user), own_path(youth), answer="coming")
    with rls_context(person=youth.user_id):
        [taken] = everything_about(youth)["家书"]
    assert (taken["行动"], taken["回信"]) == (str(campaign), "我今年回来")
    assert taken["打开时间"]
