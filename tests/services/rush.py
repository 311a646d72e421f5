# ruff: noqa: E402
"""Run by test_rush in a process of its own: many at once at one thing, on a real database.

python -m tests.services.rush prepare|book|take …
"""

import os
import sys
import threading

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connection, transaction
from django.db.backends.signals import connection_created

from campaigns import catalogue
from campaigns.actions.editions import create_edition
from campaigns.choices import CampaignState
from qingchun.accounts.models import Membership
from qingchun.ground.refusals import Refused
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import rls_context
from services.proxy import numbers
from services.proxy.actions import asking, progress, slots
from services.proxy.models import ServiceRequest, Slot
from tests.conftest import person
from tests.looking import follow, looking
from tests.services import scene

connection_created.connect(follow)
AT_ONCE = 25


def prepare(requests, agents):
    """An edition, an item, one hour and many who want it; agents of the county."""
    with rls_context(scope="14"):
        create_edition(
            title="2019年春节“青春兴晋”行动",
            stages=catalogue.NOTICE_STAGES,
            ends_on=catalogue.NOTICE_ENDS_ON,
            spring_festival_on=catalogue.NOTICE_FESTIVAL,
            state=CampaignState.OPEN,
            deadlines=catalogue.NOTICE_DEADLINES,
        )
        people = [person(f"rush{n}", f"代办{n}", "140105", Role.ADMIN) for n in range(agents)]
        item = scene.published(people[0])
        with looking():
            Slot.objects.create(
                organization_id="140105", way="drop", capacity=100,
                starts_at="2099-01-09T09:00+08:00", ends_at="2099-01-09T11:00+08:00",
            )  # fmt: skip
            planned, latest = asking.due_days(item.published)
            drawn = set()
            while len(drawn) < requests:  # of two thousand, two are the same one time in five
                drawn.add(numbers.new_number())
            ServiceRequest.objects.bulk_create(
                ServiceRequest(
                    organization_id="140105", number=number, item=item,
                    version=item.published, relation="self", beneficiary="youth", name=f"青年{n}",
                    phone=f"1380000{n % 10_000:04}", person_mark=n, way="drop", source="site",
                    consent_version=1, planned_on=planned, latest_on=latest,
                )
                for n, number in enumerate(sorted(drawn))
            )  # fmt: skip


def _all_at_once(attempts):
    """Run each attempt, ``AT_ONCE`` at a time. Returns: how many were not refused."""
    won, lock, queue = [], threading.Lock(), list(attempts)

    def work():
        while True:
            with lock:
                if not queue:
                    break
                attempt = queue.pop()
            try:
                with transaction.atomic():
                    attempt()
                won.append(1)
            except Refused:
                continue
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(won)


def book(part, parts):
    """Every request of this part wants the one hour."""
    with looking():
        mine = list(ServiceRequest.objects.order_by("pk").only("pk", "way"))[part::parts]
        slot = Slot.objects.get(starts_at__year=2099)

    def attempt(case):
        with rls_context(scope="140105"):  # a case is booked by whoever sees it
            slots.book(case, slot.pk)

    return _all_at_once([lambda case=case: attempt(case) for case in mine])


def take(number, count):
    """One agent tries to take the first ``count`` requests."""
    with rls_context(scope="14"):
        post = Membership.objects.select_related("user", "organization").get(
            user__username=f"rush{number}"
        )
        post.user.acting = post
        with looking():
            cases = list(
                ServiceRequest.objects.select_related("version", "organization").order_by("pk")[
                    :count
                ]
            )

    def attempt(case):
        with rls_context(scope=post.user.scope, person=post.user.pk):
            progress.take(case, actor=post.user)

    return _all_at_once([lambda case=case: attempt(case) for case in cases])


if __name__ == "__main__":
    name, *numbers_given = sys.argv[1:]
    print(globals()[name](*map(int, numbers_given)))
