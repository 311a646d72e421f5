"""People at work, for the drill: each line printed is an entry that the portal acknowledged.

python -m tests.drill_load write     until its input ends
python -m tests.drill_load look IDS  the entries of a file, read back with their photos
"""

import os
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingchun.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402

from campaigns.models import Activity, Campaign  # noqa: E402
from qingchun.ground.demo import DEMO_PASSWORD  # noqa: E402
from qingchun.jobs.actions import work  # noqa: E402
from qingchun.organizations.walls import rls_context  # noqa: E402
from tests.walls import jpeg  # noqa: E402

WRITERS = ("county140105", "county140105", "township140105001")
ended = threading.Event()


def at_desk(username):
    host = settings.ALLOWED_HOSTS[0]
    desk = Client(headers={"host": host, "x-forwarded-proto": "https"})
    answer = desk.post("/accounts/login/", {"login": username, "password": DEMO_PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return desk


def write(username):
    desk = at_desk(username)
    with rls_context(scope="14"):
        campaign = Campaign.objects.at_work().pk
    while not ended.wait(0.2):
        entry = str(uuid.uuid4())
        answer = desk.post(
            "/api/v1/activities/",
            {
                "id": entry, "campaign": campaign, "kind": "proxy", "participants": 3,
                "held_on": localdate().isoformat(), "place": f"演练{entry}", "photos": [jpeg()],
            },
        )  # fmt: skip
        if answer.status_code == 201:
            print(entry, flush=True)
        elif answer.status_code != 429:
            print(f"! {answer.status_code} {answer.content.decode()[:200]}", flush=True)
            return


def look(ids):
    """Whoever signs in finds each entry and its photo, as it was sent."""
    desk = at_desk("county140105")
    work()  # pictures that no worker had made when the rows were copied
    for entry in ids:
        with rls_context(scope="140105"):
            photo = Activity.objects.get(pk=entry).photos.get()
        assert desk.get(f"/activities/{entry}/").status_code == 200, entry
        picture = desk.get(f"/photos/{photo.pk}/")
        assert b"".join(picture)[:3] == b"\xff\xd8\xff", entry
    print(len(ids))


def main(arguments):
    if arguments[0] == "look":
        with open(arguments[1], encoding="ascii") as file:
            look(file.read().split())
        return
    with ThreadPoolExecutor(len(WRITERS)) as pool:
        people = [pool.submit(write, username) for username in WRITERS]
        sys.stdin.read()
        ended.set()
        for person in people:
            person.result()


if __name__ == "__main__":
    main(sys.argv[1:])
