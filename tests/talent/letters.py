"""A county that writes home, for the tests of 一封家书."""

from campaigns import counting
from campaigns.models import RecordTally
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from talent.youth.actions import letter_copies, letters
from talent.youth.models import HomeLetter, LetterCopy, LetterPart
from tests.looking import looking

WORDS = {
    "kind": "change", "title": "南街修好了", "text": "去年秋天铺的沥青，装了路灯。", "for_kind": "",
    "for_want": "",
}  # fmt: skip


def sitting(actor):
    return rls_context(scope=actor.scope, person=actor.pk)


def written(actor, campaign, home=None, **words):
    """A draft."""
    with sitting(actor):
        return letters.write_part(
            actor=actor, campaign=campaign, organization_id=home or actor.scope, **WORDS | words
        )


def approved(actor, campaign, home=None, by=None, **words):
    """A part that was looked at; by nobody else, where there is nobody."""
    part = written(actor, campaign, home, **words)
    with sitting(actor):
        letters.offer(part, actor=actor)
    with sitting(by or actor):
        letters.approve(part, actor=by or actor)
    return part


def sent(actor, campaign, **words):
    """The county's letter, of one part, on its way. Returns: it."""
    approved(actor, campaign, **words)
    letter = letter_of(campaign, actor.scope)
    with sitting(actor):
        letters.send(letter, actor=actor)
    letter_copies.send_waiting()
    return letter


def letter_of(campaign, code="140105"):
    with looking():
        return HomeLetter.objects.select_related("campaign").get(
            campaign=campaign, organization=code
        )


def copy_of(youth):
    with looking():
        return (
            LetterCopy.objects.filter(youth=youth).select_related("campaign", "youth__user").first()
        )


def fresh(part):
    with looking():
        return LetterPart.objects.select_related("campaign", "written_by").get(pk=part.pk)


def told(youth, way="inapp"):
    with looking():
        return Message.objects.filter(
            purpose="home_letter", recipient=youth.user_id, channel=way
        ).count()


def figures(code="140105"):
    """(sent, opened, answered) as they are kept, having looked that they are true."""
    with looking():
        assert counting.differences() == []
        kept = dict(RecordTally.objects.filter(organization=code).values_list("key", "value"))
    names = ("letters", "letters_read", "letters_answered")
    return tuple(kept.get(f"checkin-{name}", 0) for name in names)


def page(client, path, **posted):
    answer = client.post(path, posted, follow=True) if posted else client.get(path)
    return answer.content.decode()


def own_path(youth):
    return f"/my/letters/{copy_of(youth).pk}/"
