"""陈返乡 and others from 小店区, who check in by phone."""

import re
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from campaigns.models import RecordTally
from qingchun.accounts.models import User
from qingchun.jobs.actions import work
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context, set_rls_context
from talent.pool.actions import records, sheets
from talent.youth.actions import checkin, groups
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Youth
from tests.conftest import with_number
from tests.looking import looking
from tests.talent.bringing import latest

PHONE = "13800002001"
FORM = {
    "name": "陈返乡", "kind": "worker", "age": "adult", "lives_at": "北京市海淀区",
    "stay": "fortnight", "agree_basic": "on",
}  # fmt: skip
# The word of whoever speaks for somebody of 14 to 17.
MOTHER = {"guardian_name": "陈妈妈", "guardian_is": "mother", "guardian_near": "on"}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def shown_code(response):
    return re.search(r"验证码是 <b>(\d{6})</b>", response.content.decode())[1]


def get_code(client, phone=PHONE, code="140105", **values):
    return client.post(f"/{code}/check-in/", {"phone": phone, "send": "1", **values}, follow=True)


def check_in_by_phone(client, phone=PHONE, code="140105", **values):
    """The whole first step as a person does it. Returns: the answer to the last form."""
    sent = shown_code(get_code(client, phone, code))
    form = FORM | {"phone": phone, "code": sent} | values
    return asked(client, client.post(f"/{code}/check-in/", form))


def asked(client, answer):
    """The page that asks who it is, where an answer leads there; else the answer."""
    leads_there = answer.get("Location", "").endswith("?ask=1")
    return client.get(answer["Location"]) if leads_there else answer


@pytest.fixture
def phone_desk():
    return Client()


@pytest.fixture
def arrive(campaign):
    """Somebody who has checked in: ``arrive("陈返乡", home="140105001")``."""
    numbers = iter(range(3001, 9999))

    def do(name="陈返乡", home="140105", agreed=(), **facts):
        user = User(username=f"q{name}{next(numbers)}", name=name)
        user.set_unusable_password()
        with looking():
            user.save()
        with_number(user, f"1380000{next(numbers)}")
        facts = {"kind": "student", "age": "adult", "lives_at": "北京市", "stay": "week"} | facts
        set_rls_context(scope="", person=user.pk)
        checkin.check_in(
            user,
            home=Organization.objects.get(pk=home),
            agreed={ConsentPurpose.BASIC, *agreed},
            name=name,
            **facts,
        )
        set_rls_context(scope="14", person="")
        with looking():
            youth = Youth.objects.select_related("organization", "user").get(user=user)
        return youth

    return do


@pytest.fixture
def group(campaign, zhang):
    """小店区返乡学子群, looked after by 张小店."""
    return groups.make_group(
        actor=zhang, organization_id="140105", name="小店区返乡学子群", kind="student",
        capacity=500, responsible=zhang.acting, deputy=None,
    )  # fmt: skip


@pytest.fixture
def at():
    """Open pages as somebody: ``at(zhang).get("/youth/")``."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def warm(client):
    """The first page of a session notes when it was seen, which the next ones need not."""
    client.get("/me/")
    return client


@pytest.fixture
def enter(campaign):
    """Somebody in the pool: ``enter(zhang, "乔乡才", phone="13800008001", trade="crops")``."""
    numbers = iter(range(8101, 9000))

    def do(actor, name="乔乡才", home=None, **facts):
        facts = {"heard": "phone", "phone": f"1380000{next(numbers)}"} | facts
        with transaction.atomic(), rls_context(scope=actor.scope, person=actor.pk):
            return records.enter(
                actor=actor, home=Organization.objects.get(pk=home or actor.scope),
                name=name, **facts,
            )  # fmt: skip

    return do


@pytest.fixture
def desk_of():
    """Work with one's own scope: ``with desk_of(zhang): …``."""

    @contextmanager
    def sit_down(user):
        # A savepoint, so that a refusal takes back what it should and no more.
        with transaction.atomic(), rls_context(scope=user.scope, person=user.pk):
            yield

    return sit_down


@pytest.fixture
def bring(campaign, desk_of):
    """Upload a file and let the worker look at it: ``bring(zhang, data)``."""

    def do(actor, data, name="人才.xlsx"):
        with desk_of(actor):
            sheet = sheets.receive(actor=actor, file=SimpleUploadedFile(name, data))
        work()
        return latest(sheet, actor)

    return do


@pytest.fixture
def confirm(desk_of):
    def do(actor, sheet, **values):
        with desk_of(actor):
            sheets.confirm(sheet, actor=actor, **{"only_right": False} | values)
        work()
        return latest(sheet, actor)

    return do


def tally(key):
    with looking():
        return dict(
            RecordTally.objects.filter(key=f"talent_pool-{key}").values_list(
                "organization", "value"
            )
        )
