"""INDEX_KEY turned: everybody is found by the new one, those who refused too, or nothing changed."""

import datetime as dt

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from qingchun.accounts import chain
from qingchun.accounts.models import Invitation, User
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import account_of_login, ids_of, proved_phone
from qingchun.ground import pairs
from qingchun.operations import keys, reindexing
from qingchun.organizations.walls import PROVINCE, acting
from services.events.models import Signup
from services.events.models.signups import ending_mark
from services.proxy.models import ServiceRequest
from talent.pool import words
from talent.pool.models import DoNotContact, PoolWords, TalentRecord
from talent.pool.numbers import identity_mark
from talent.youth.models import Youth
from tests.conftest import as_owner, with_number
from tests.looking import looking
from tests.operations import scene

everything, disk = scene.everything, scene.disk
NEW, THIRD = "a-new-index-key-000000000000000000000000000", "a-third-index-key-00000000000000000"


@pytest.fixture
def turn(settings):
    def do(key=NEW):
        settings.INDEX_KEYS_BEFORE = [settings.INDEX_KEY, *settings.INDEX_KEYS_BEFORE]
        settings.INDEX_KEY = key
        pairs.pair_mark.cache_clear()

    yield do
    pairs.pair_mark.cache_clear()


@pytest.fixture
def alone(monkeypatch):
    """The test asks as the owner now; its own other connections are nobody at work."""
    monkeypatch.setattr(reindexing, "others_at_work", lambda: 0)


def reindex():
    with as_owner():
        call_command("keys", reindex=True)


def test_everybody_is_found_by_the_new_key(everything, turn, alone, zhang, capsys):
    with_number(zhang, "13800001105")
    with looking():
        record = PoolWords.objects.select_related("record").first().record
        DoNotContact.objects.create(
            organization_id="140105", mark=phone_mark("13800007777"), refused=True
        )
    turn()
    assert account_of_login("13800001105") == 0, "before: nobody is found by the new key"
    assert keys.wrong_keys() == keys.CANNOT_FIND
    reindex()
    assert keys.wrong_keys() is None
    assert account_of_login("13800001105") == zhang.pk
    assert ids_of("13800001105") == [zhang.pk]
    with looking():
        again = User.objects.get(pk=zhang.pk)
        assert (again.phone, proved_phone(again)) == ("13800001105", "13800001105")
        for model in (User, Youth, ServiceRequest, Signup):
            numbers = list(model.objects.values_list("phone", "phone_mark"))
            assert any(phone for phone, _ in numbers)
            assert [mark for _, mark in numbers] == [
                phone_mark(phone) if phone else None for phone, _ in numbers
            ], model
        assert all(invited.phone for invited in Invitation.objects.all())
        for signup in Signup.objects.exclude(phone_mark=None):
            assert signup.phone_ending_mark == ending_mark(signup.event_id, signup.phone)
        assert TalentRecord.objects.filter(identity_mark=identity_mark("140105199901011234"))
        assert PoolWords.objects.get(record=record).pairs == words.pairs_of(record)
        refused = DoNotContact.objects.filter(mark=phone_mark("13800007777"))
        assert refused.exists(), "their number is nowhere, and they are known all the same"
    assert "accounts_user：" in capsys.readouterr().out


def test_search_in_the_pool_finds_the_same(everything, turn, alone, zhang):
    desk = Client()
    desk.force_login(zhang)

    def found():
        page = desk.post("/pool/", {"q": "养蜂"}, follow=True).content.decode()
        return page.count("/pool/")

    before = found()
    turn()
    reindex()
    assert found() == before


def test_key_turns_a_second_time(everything, turn, alone, zhang):
    with_number(zhang, "13800001105")
    for key in (NEW, THIRD):
        turn(key)
        reindex()
    assert account_of_login("13800001105") == zhang.pk


def test_again_is_nothing_to_do(everything, turn, alone, capsys):
    turn()
    reindex()
    capsys.readouterr()
    reindex()
    assert "不用换" in capsys.readouterr().out


def test_chain_of_the_log_holds_over_the_turn(everything, turn, alone):
    yesterday = now().date() - dt.timedelta(days=1)
    with as_owner(), acting("keep the log", PROVINCE):
        chain.link(whole=True)
        chain.seal(yesterday - dt.timedelta(days=1))
    turn()
    reindex()
    with as_owner(), acting("keep the log", PROVINCE):
        assert chain.check().problems == []
        sealed = chain.seal(yesterday)
        assert chain.check().problems == []
    assert sealed.mac


def test_key_before_must_be_the_one_that_made_the_marks(everything, turn, alone, settings):
    turn()
    settings.INDEX_KEYS_BEFORE = [THIRD]
    with as_owner(), pytest.raises(CommandError, match="不是 INDEX_KEYS_BEFORE 里最近的"):
        call_command("keys", reindex=True)


def test_one_that_fails_on_the_way_has_changed_nothing(everything, turn, alone, zhang, settings):
    with_number(zhang, "13800001105")
    turn()

    def fail(line):
        if "talent" in line:
            raise OSError("on the way")

    with as_owner(), pytest.raises(OSError, match="on the way"):
        reindexing.reindex(fail)
    settings.INDEX_KEY, settings.INDEX_KEYS_BEFORE = settings.INDEX_KEYS_BEFORE[0], []
    pairs.pair_mark.cache_clear()
    assert account_of_login("13800001105") == zhang.pk
    assert keys.wrong_keys() is None
    with as_owner():
        call_command("walls", check=True)


def test_walls_and_triggers_stand_again(everything, turn, alone):
    turn()
    reindex()
    with as_owner() as cursor:
        call_command("walls", check=True)
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone() == (0,)


def test_nobody_turns_it_under_people_at_work(everything, turn):
    turn()
    at = connection.settings_dict
    web = psycopg2.connect(dbname=at["NAME"], user="qingchun_web", host=at["HOST"])
    try:
        with as_owner(), pytest.raises(CommandError, match="门户还在运行"):
            call_command("keys", reindex=True)
    finally:
        web.close()
