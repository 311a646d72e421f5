"""While the portal is being looked after it says so; behind a proxy on another port it takes forms."""

import pytest
from django.test import Client

from qingchun import closed
from tests.test_set_up import SERVICE, said  # noqa: F401

CLOSED = "团省委正在升级，今晚八点恢复。"


@pytest.fixture
def mark(monkeypatch, tmp_path):
    path = tmp_path / "closed"
    monkeypatch.setattr(closed, "MARK", path)
    path.write_text(f"{CLOSED}\n", encoding="utf-8")
    return path


def test_everybody_is_told_when_to_come_back_and_the_balancer_that_all_is_well(
    db, mark, zhang, django_assert_num_queries
):
    browser = Client()
    browser.force_login(zhang)
    for path in ("/", "/140105/", "/board/", "/nothing/"):
        with django_assert_num_queries(0):
            answer = browser.get(path)
        assert (answer.status_code, answer["Retry-After"]) == (503, "300")
        assert CLOSED in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    answer = browser.post("/activities/new/", {"title": "x"})
    assert answer.status_code == 503
    answer = browser.get("/api/v1/plans/")
    assert (answer.status_code, answer.json()) == (503, {"detail": CLOSED})
    assert browser.get("/health/").status_code == 200
    mark.write_text("")
    assert "正在维护，稍后恢复。" in browser.get("/").content.decode()
    mark.unlink()
    assert browser.get("/140105/").status_code == 200


def test_form_is_taken_behind_a_proxy_on_a_port_of_its_own(db, settings):
    """nginx's usual ``Host $host`` leaves the port out, and each form was 403."""
    settings.ALLOWED_HOSTS = ["qc.example.org"]
    for origin, status in (("https://qc.example.org:8443", 200), ("https://qc.example.org", 403)):
        settings.CSRF_TRUSTED_ORIGINS = [origin]
        browser = Client(enforce_csrf_checks=True, headers={"host": "qc.example.org"})
        browser.get("/accounts/login/")
        form = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value, "login": "x"}
        browser_says = {"HTTP_ORIGIN": "https://qc.example.org:8443"}
        answer = browser.post("/accounts/login/", form, **browser_says)
        assert answer.status_code == status


def test_origin_of_forms_is_the_address_that_people_see(said):  # noqa: F811
    service = SERVICE.replace("https://qc.example.org", "https://qc.example.org:8443")
    assert said(service, "CSRF_TRUSTED_ORIGINS") == (
        "['https://qc.example.org:8443', 'https://qc.example.org']"
    )


def test_neighbours_under_the_same_name_are_not_promised_https(said):  # noqa: F811
    names = "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS"
    assert said(SERVICE, *names) == "31536000 False"
    assert said(SERVICE + "HSTS_SECONDS=3600\nHSTS_SUBDOMAINS=1\n", *names) == "3600 True"
    assert said(SERVICE + "HTTPS=0\n", *names) == "0 False"
