# ruff: noqa: E402
"""Who drives a cluster: keys and sessions of the demo's people, as JSON; and what came of it.

python -m tests.cluster.scene make      keys, sessions, the edition
python -m tests.cluster.scene ask       six files are asked for
python -m tests.cluster.scene count     acknowledged ids on standard input → what is not there once
"""

import json
import sys

import django

django.setup()

from django.test import Client

from campaigns.models import Activity, Campaign, Photo
from qingchun.accounts.actions.credentials import make_token
from qingchun.accounts.models import User
from qingchun.jobs import kinds
from qingchun.jobs.models import Job
from qingchun.organizations.walls import acting, rls_context
from reports.papers.actions import document_jobs
from tests.conftest import as_themselves
from tests.jobs.crashes import cadre

Client._login = as_themselves(Client._login)
READERS = ("county140105", "city1401", "province")


def make():
    with rls_context(scope="14"):
        county = User.objects.get(username="county140105")
        people = {name: User.objects.get(username=name) for name in READERS}
        campaign = Campaign.objects.current()
        kind = campaign.kinds.filter(city=None).first()
    with rls_context(scope="140105", person=county.pk):
        post = county.memberships.select_related("organization").get()
        token = make_token(post, name="cluster")
    token = token[1] if isinstance(token, tuple) else token
    sessions = {}
    for name, user in people.items():
        client = Client()
        client.force_login(user)
        sessions[name] = {key: morsel.value for key, morsel in client.cookies.items()}
    return {
        "token": str(token), "sessions": sessions, "campaign": campaign.pk, "kind": kind.key,
    }  # fmt: skip


def ask():
    """Files that workers make while they are killed."""
    kinds.MOST_WAITING = 100
    actor = cadre()
    for _ in range(6):
        with rls_context(scope="140105", person=actor.pk):
            document_jobs.ask("board_word", Campaign.objects.current(), actor=actor)


def count(told):
    """Of what was acknowledged: what is lost, what is there twice, and whether counts agree."""
    with acting("work a queue"):
        files = Job.objects.exclude(kind="make_photo")
        made = list(files.values_list("status", "attempts", "file"))
    with acting("count", "14"):
        here = set(map(str, Activity.objects.values_list("pk", flat=True)))
        kept = Photo.objects.values_list("pk", "image", "raw")
        photos = {str(pk): image or raw for pk, image, raw in kept}
        titles = list(
            Activity.objects.filter(title__startswith="群集").values_list("title", flat=True)
        )
    lost = [pk for pk in told["entries"] if pk not in here]
    return {
        "entries": len(told["entries"]), "photos": len(told["photos"]), "lost": len(lost)
        + sum(pk not in photos for pk in told["photos"]),
        "doubled": len(titles) - len(set(titles)),
        "files": [photos[pk] for pk in told["photos"] if pk in photos],
        "jobs": made,
    }  # fmt: skip


DO = {"make": make, "ask": ask}

if __name__ == "__main__":
    told = json.load(sys.stdin)
    print(json.dumps(count(told) if sys.argv[1] == "count" else DO[sys.argv[1]]()))
