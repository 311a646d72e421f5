"""A row in every table, with its files in a folder of the test's own."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from qingchun.accounts.models import User
from qingchun.notifications.models import GroupChat
from services.proxy.models import ServiceRequest
from talent.pool.choices import Agreed, Verdict
from talent.pool.models import Likeness, TalentRecord
from talent.pool.numbers import keep_identity
from talent.youth.models import Youth
from tests.life import world
from tests.looking import looking


@pytest.fixture
def disk(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def everything(disk, campaign, plan, li, wang, zhou, zhang, sun, wu, zhao, chen):
    cast = {
        "province": li, "city": wang, "other city": zhou, "county": zhang, "next county": sun,
        "far county": wu, "township": zhao, "youth": chen,
    }  # fmt: skip
    world.full("140105", campaign, plan, cast)
    with looking():
        _seal_the_rest(zhang)
    return cast


def _seal_the_rest(zhang):
    """What no step of the world writes sealed."""
    User.objects.filter(pk=zhang.pk).update(landline="0351-1111111")
    TOTP.activate(zhang, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(zhang)
    chat = GroupChat.objects.first()
    chat.url, chat.secret = "https://robot.example.org/1", "secret"
    chat.save()
    Youth.objects.update(lives_at="太原市")
    ServiceRequest.objects.update(landline="0351-2222222", place="三排 12 号", wish="请敲东窗")
    identity = keep_identity("140105199901011234", is_agreed=True)
    record = TalentRecord.objects.standing().exclude(agreed=Agreed.NONE).first()
    record.identity_sealed, record.identity_mark = identity.sealed, identity.mark
    record.save()
    before = {"phone_sealed": {"hex": bytes(record.phone_sealed).hex()}, "phone_mark": 7}
    other = TalentRecord.objects.exclude(pk=record.pk).first()
    Likeness.objects.create(
        organization_id=record.organization_id, kept=record, double=other, by_name="张小店",
        verdict=Verdict.SAME, before=before,
    )  # fmt: skip
