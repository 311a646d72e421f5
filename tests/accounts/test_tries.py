"""What protects somebody is counted where it is not forgotten: in PostgreSQL, and by itself."""

import ast
import json
import threading
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import altcha
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as all_settings
from django.db import connection, transaction
from django.test import Client

from qingchun.accounts import challenges, claims, tries
from qingchun.accounts.tasks import sweep_tries
from qingchun.ground.refusals import Refused
from services.proxy import numbers
from services.proxy.actions import looking as status
from tests.accounts.test_sign_in import sign_in
from tests.our_forms import sources
from tests.talent.conftest import FORM, PHONE, get_code, shown_code

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.django_db


@pytest.fixture
def no_redis(settings):
    """Nobody listens there."""
    gone = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": gone}


# How it counts


def test_each_is_counted_from_its_own_first_time():
    assert tries.count({"a": 60, "b": 60}) == {"a": 1, "b": 1}
    assert tries.count({"b": 60, "a": 60, "c": 60}) == {"b": 2, "a": 2, "c": 1}
    tries.take_back("a", "c", "nobody")
    assert [tries.seen(name) for name in "abc"] == [1, 2, 0]
    tries.forget("b")
    assert (tries.once("b", 60), tries.once("b", 60)) == (True, False)


def test_what_is_over_counts_anew_and_is_swept():
    tries.count({"old": 0, "new": 60})
    assert tries.seen("old") == 0
    assert tries.count({"old": 0, "new": 60}) == {"old": 1, "new": 2}
    assert sweep_tries() >= 1
    assert tries.seen("new") == 2


def test_request_that_fails_takes_no_try_back():
    with transaction.atomic():
        tries.count({"failed": 60})
        transaction.set_rollback(True)
    assert tries.seen("failed") == 1


def test_tries_at_once_are_as_many_as_they_are():
    found = []

    def one():
        names = {"left": 60, "right": 60}
        for turn in range(20):
            found.append(tries.count(names if turn % 2 else dict(reversed(names.items())))["left"])

    threads = [threading.Thread(target=one) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(1, 101))


def test_database_that_has_restarted_goes_on_counting():
    tries.count({"a": 60})
    (own,) = tries._own.values()
    own.connection.close()
    assert tries.count({"a": 60}) == {"a": 2}


def test_table_says_nothing_of_anybody():
    tries.count({"code of 13800001401": 60})
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM accounts_tries t")
        assert "1380000" not in cursor.fetchone()[0]


# What is counted so: each is refused while there is no Redis, as it is with one


def test_password_is_tried_five_times(client, zhang, no_redis):
    """operations 4: every try was an error; waved through, each would have been the first."""
    for _ in range(5):
        sign_in(client, "zhang", "wrong")
    assert "登录失败次数过多" in sign_in(client, "zhang").content.decode()
    assert "_auth_user_id" not in client.session


def test_right_password_takes_no_room(client, zhang, no_redis):
    for _ in range(7):
        assert sign_in(Client(), "zhang").status_code == 302


def test_one_address_signs_in_sixty_times_a_minute(client, zhang, no_redis):
    found = [sign_in(client, f"nobody{n}", "wrong").status_code for n in range(61)]
    assert 429 in found or "过多" in sign_in(client, "zhang").content.decode()


def test_one_time_password_is_used_once(zhang, no_redis):
    secret = totp.generate_totp_secret()
    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    own = totp.TOTP(Authenticator(user=zhang, data={"secret": totp.encrypt(secret)}))
    assert (own.validate_code(code), own.validate_code(code)) == (True, False)


def test_code_is_tried_five_times(campaign, client, no_redis):
    code = shown_code(get_code(client))
    for _ in range(5):
        client.post("/140105/check-in/", FORM | {"phone": PHONE, "code": "000000"})
    answer = client.post("/140105/check-in/", FORM | {"phone": PHONE, "code": code})
    assert "已经输错 5 次" in answer.content.decode()


def test_code_is_sent_once_in_its_pause(campaign, client, no_redis):
    shown_code(get_code(client))
    assert "太频繁" in get_code(Client()).content.decode()


def test_numbers_day_has_so_many_codes(campaign, client, no_redis, settings):
    settings.CODE_LIMITS = settings.CODE_LIMITS | {"phone": (2, 2, 60)}
    settings.CODE_PAUSE = 0
    for _ in range(2):
        shown_code(get_code(Client()))
    assert "太频繁" in get_code(Client()).content.decode()


def test_sum_is_used_once(no_redis):
    made = json.loads(challenges.pow_challenge())
    found = altcha.solve_challenge_v1(
        made["challenge"], made["salt"], "SHA-256", made["maxNumber"], 0
    )
    answer = altcha.PayloadV1(
        algorithm=made["algorithm"], challenge=made["challenge"], number=found.number,
        salt=made["salt"], signature=made["signature"],
    ).to_base64()  # fmt: skip
    assert (challenges._is_done(answer), challenges._is_done(answer)) == (True, False)


def test_picture_is_read_once_however_many_ask_at_once(no_redis, monkeypatch):
    """What a session holds is written when a request has ended: until then each had the picture."""
    drawn, generate = [], challenges._drawing.generate
    monkeypatch.setattr(
        challenges._drawing, "generate", lambda digits: drawn.append(digits) or generate(digits)
    )
    kept = SimpleNamespace(session={})

    def solves(digits):
        request = SimpleNamespace(session=dict(kept.session))
        return challenges.is_solved(request, {"picture": digits})

    challenges.draw(kept)
    assert (solves(drawn[-1]), solves(drawn[-1])) == (True, False)
    challenges.draw(kept)
    assert (solves("0000"), solves(drawn[-1])) == (False, False)  # nor are numbers tried on one


def test_last_four_digits_are_guessed_five_times(no_redis):
    number = next(str(n) for n in range(12345670, 12345999) if numbers.plain(str(n)))
    for _ in range(5):
        with pytest.raises(Refused, match="没有查到"):
            status.look(number, "0000", address="10.0.0.1")
    with pytest.raises(Refused, match="查的次数太多"):
        status.look(number, "0000", address="10.0.0.1")


def test_name_on_a_record_is_guessed_thrice_a_day(no_redis):
    for _ in range(3):
        with pytest.raises(Refused):
            claims.must_know_name("13800001401", "x", "张三", ["李四"])
    with pytest.raises(claims.NoMoreTries):
        claims.must_know_name("13800001401", "x", "李四", ["李四"])


def test_three_names_open_by_being_ones_own_and_stay_open(no_redis):
    opened = [claims.opens_freely("13800001401", name) for name in "甲乙丙丁甲丁乙"]
    assert opened == [True, True, True, False, True, False, True]


# And nothing else leans on the cache

LEANS = {
    "qingchun/accounts/session_store.py": "a session: what is true stands in the database",
    "qingchun/accounts/tries.py": "the prefix by which tests are told apart",
    "qingchun/ground/caches.py": "the cache itself",
    "qingchun/operations/doctor/outside.py": "asks whether it answers",
    "qingchun/operations/figures.py": "asks whether it answers",
    "qingchun/operations/management/commands/restore.py": "emptied, since it is of another database",
    "qingchun/ground/bills.py": "pictures of public pages: drawn anew",
    "qingchun/jobs/actions.py": "how far a job is: a bar that stands still",
    "reports/boards/kept.py": "boards: made anew",
    "qingchun/rest.py": "how often a program asks: keys are too long to be guessed",
    "talent/youth/pages.py": "public pages: made anew",
}
OF_LIBRARIES = {
    "allauth.core.internal.ratelimit": "taken over by accounts/limits.py",
    "allauth.mfa.totp.internal.auth": "taken over by accounts/limits.py",
    "allauth.socialaccount.internal.jwtkit": "providers with tokens of their own; WeChat has none",
    "django.contrib.sessions.backends.cache": "not the engine that is used",
    "django.contrib.sessions.backends.cached_db": "under accounts/session_store.py",
    "rest_framework.throttling": "its own throttles; ours are in rest.py",
}


def leans(path):
    """Whether a file names Django's cache, its engines for sessions, or the limits of allauth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found = ""
        if isinstance(node, ast.ImportFrom):
            found = " ".join(f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            found = " ".join(name.name for name in node.names)
        if "django.core.cache" in found.replace("django.core.cache.utils", "") or (
            "sessions.backends.cache" in found
        ):
            return True
    return False


def test_whatever_leans_on_the_cache_is_known_to_harm_nobody_without_it():
    found = {path.relative_to(ROOT).as_posix() for path in sources() if leans(path)}
    assert found == set(LEANS)


OURS = ("qingchun", "campaigns", "talent", "services", "reports")
# Parts of allauth that no setting of ours switches on.
OFF = (
    "allauth.headless.",
    "allauth.idp.",
    "allauth.usersessions.",
    "allauth.socialaccount.providers.",
)


def test_libraries_that_lean_on_it_are_known_too():
    found = set()
    for name in {app for app in all_settings.INSTALLED_APPS if not app.startswith(OURS)}:
        for folder in find_spec(name).submodule_search_locations:
            for path in Path(folder).rglob("*.py"):
                module = ".".join((name, *path.relative_to(folder).with_suffix("").parts))
                if (module.startswith("allauth.socialaccount.providers.weixin")
                        or not module.startswith(OFF)) and leans(path):  # fmt: skip
                    found.add(module)
    assert found == set(OF_LIBRARIES)
