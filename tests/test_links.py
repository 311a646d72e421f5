"""What is printed or sent leads to us, whatever name a visitor came by."""

import ast
from pathlib import Path

import pytest
from django.urls import reverse

from qingchun.ground.links import link_to
from tests.test_set_up import SOURCES

ROOT = Path(__file__).resolve().parent.parent
# May ask by which name somebody came: to lead them back there and nowhere else.
ASK_FOR_THE_HOST = {
    "qingchun/accounts/views/sign_in.py",
    "qingchun/organizations/access.py",
    "qingchun/ground/refusals.py",
}
STRANGE = "portal.strange.example"


def users_of(*names):
    for top in SOURCES:
        path = ROOT / top
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in names:
                    yield str(file.relative_to(ROOT))


def test_no_address_is_built_from_the_request():
    built = set(users_of("build_absolute_uri", "get_current_site"))
    assert built == set()
    assert set(users_of("get_host")) - ASK_FOR_THE_HOST == set()
    for file in (ROOT / "templates").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "build_absolute_uri" not in text
        assert "get_host" not in text


def test_link_is_that_of_the_portal(settings):
    settings.SITE_URL = "https://qc.example.org:8443"
    assert link_to("/join/x/") == "https://qc.example.org:8443/join/x/"


@pytest.fixture
def came_by(client, settings):
    """Get a page under a name that is allowed and not the portal's own."""
    settings.ALLOWED_HOSTS = ["*"]

    def get(address, **values):
        page = client.generic("POST" if values else "GET", address, headers={"host": STRANGE})
        assert page.status_code == 200
        return page.content.decode()

    return get


def test_visitor_s_name_for_us_is_on_no_poster(came_by, client, campaign, wang):
    """It went into the code on the poster, and led whoever scanned it there."""
    for address in (
        reverse("talent:poster", args=["140105"]),
        reverse("proxy:sheet", args=["140105"]),
    ):
        page = came_by(address)
        assert STRANGE not in page
        assert "127.0.0.1:8000/140105" in page
    client.force_login(wang)
    key = came_by("/calendar/", new="1").split("http://127.0.0.1:8000")[1].split('"')[0]
    assert STRANGE not in came_by(key)
