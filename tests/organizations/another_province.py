"""The whole portal for a province that does not exist; run by test_another_province.py.

Says every page on which a word of Shanxi stands, and every page that fails.
"""

import os
import re

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingchun.settings")
django.setup()

from django.test import Client  # noqa: E402
from django.urls import get_resolver, reverse  # noqa: E402

from campaigns.actions.editions import first_edition  # noqa: E402
from qingchun.accounts.models import Membership, User  # noqa: E402
from qingchun.organizations import walls  # noqa: E402
from qingchun.organizations.models import Organization  # noqa: E402
from qingchun.organizations.walls import rls_context  # noqa: E402

# Of the map of tiles, which has every province, and of the examples beside messages' words: nothing.
FOREIGN = re.compile("山西(?!</text>)|兴晋")


def people():
    """One at each level, and somebody young."""
    for code in ("90", "9001", "900101", "900101001", ""):
        user = User(username=f"who{code}", name="赵云岭", home_id=code or None)
        user.set_unusable_password()
        user.save(force_insert=True)
        if code:
            Membership.objects.create(user=user, organization_id=code, role="admin")
        yield code, user


def plain_pages():
    """Every page that is opened without saying of which record."""
    for name, resolver in sorted(get_resolver().namespace_dict.items()):
        for pattern in resolver[1].url_patterns:
            if not pattern.pattern.converters and pattern.name:
                yield reverse(f"{name}:{pattern.name}")


def main():
    with rls_context(scope="90"):
        with walls.acting("install the demo"):
            accounts = dict(people())
        edition = first_edition(actor=acting(accounts["90"]), year=2030)
        print(edition.title)
        print(Organization.objects.cities().count())
    seen = 0
    for code, user in accounts.items():
        client = Client(SERVER_NAME="127.0.0.1")
        with rls_context(scope=code, person=user.pk):
            client.force_login(user)
        for url in plain_pages():
            answer = client.get(url, follow=True)
            text = b"".join(answer).decode(errors="replace")
            seen += answer.status_code == 200
            found = FOREIGN.search(text)
            if found or (answer.status_code >= 500 and url != "/healthz"):  # no worker here
                around = text[found.start() - 20 : found.end() + 20] if found else ""
                print(code, url, answer.status_code, " ".join(around.split()))
    print(seen)


def acting(user):
    user.acting = Membership.objects.select_related("organization").get(user=user)
    return user


main()
