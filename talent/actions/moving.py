"""A person changes their unit: what hangs on them goes along, and their figures too."""

from campaigns.counting import count
from qingchun.accounts.claims import same_name
from qingchun.organizations.walls import as_clerk
from talent.actions.pool import take_out, write_words
from talent.counts import CHECKED_IN
from talent.models import CheckIn, Consent, Contact, FollowUp, GroupMember, Opening, TalentRecord


def move(youth, home):
    """Give a person and all that is known of them to another unit.

    Called by the actions that may: a person's own choice, a hand-over, a merger of units.
    Questions stay with whoever is answering them.
    """
    with as_clerk():
        for checkin in CheckIn.objects.filter(youth=youth, campaign__isnull=False):
            counted = CHECKED_IN[checkin.kind]
            count(counted, checkin.campaign_id, checkin.organization_id, -1)
            count(counted, checkin.campaign_id, home.code)
        for model in (CheckIn, Consent, Contact, GroupMember):
            model.objects.filter(youth=youth).update(organization=home)
        type(youth).objects.filter(pk=youth.pk).update(organization=home)
        for record in TalentRecord.objects.filter(youth=youth):
            move_record(record, home)
    youth.organization = home


def move_record(record, home):
    """The pool's part of it. Where the new county knows the number already, its record stays."""
    with as_clerk():
        standing = TalentRecord.objects.standing().filter(county=home.code[:6])
        there = standing.filter(phone_mark=record.phone_mark).exclude(pk=record.pk)
        if record.phone_mark and (known := there.first()):
            if same_name(known.name, record.name):
                return take_out(record)
            # Another of the family: a county keeps a number once, and both of them.
            record.phone_sealed, record.phone_mark, record.phone_shown = None, None, ""
        record.organization, record.follower = home, None
        numbers = ["phone_sealed", "phone_mark", "phone_shown"]
        record.save(update_fields=["organization", "follower", *numbers])
        for model in (FollowUp, Opening):
            model.objects.filter(record=record).update(organization=home)
        record.refresh_from_db()
        write_words(record)
