"""Every page for every account at 360 pixels: fits, says nothing in English, axe finds nothing."""

import re

import pytest

from tests.browser.conftest import PASSWORD, put_back

# What each demo account opens; {plan}, {activity} and the like are taken from the page before.
PAGES = {
    "province": (
        "/today/", "/more/", "/help/", "/board/", "/board/?campaign=1", "/board/1402/?campaign=1", "/board/140213/?campaign=1",
        "/plans/", "/activities/", "/campaigns/", "/campaigns/1/", "/campaigns/2/", "/board/trend/", "/board/days/", "/people/open/", "/lists/activities/", "/lists/people/",
        "/campaigns/2/change/", "/campaigns/2/copy/", "/days-off/", "/days-off/new/", "/people/", "/people/invite/", "/me/",
        "/accounts/2fa/", "/accounts/password/change/", "/accounts/logout/",
        "/messages/", "/messages/settings/", "/messages/group-chat/", "/messages/log/",
        "/messages/files/", "/messages/words/", "/campaigns/2/reminders/",
        "/deadlines/3/remind/", "/summaries/",
        "/youth/", "/groups/", "/inquiries/", "/opinions/", "/consent-texts/", "/consent-texts/pool/", "/pool/", "/pool/skills/", "/pool/skills/?term=焊接", "/offers/",
        "/proxy/", "/proxy/items/", "/proxy/items/1/", "/proxy/items/1/edit/",
        "/desk/events/", "/desk/points/", "/desk/event-figures/",
        "/summaries/?campaign=1", "/summaries/compilation/?campaign=1", "/formalism/?campaign=1", "/burden/", "/youth-counts/", "/documents/",
        "/practices/", "/practices/1/", "/practices/2/", "/exemplars/", "/exemplars/1/", "/policies/desk/", "/policies/new/", "/kit/", "/kit/new/", "/spots/", "/coverage/?campaign=1", "/voices/desk/",
    ),
    "city1401": ("/today/", "/more/", "/help/", "/search/", "/summaries/?campaign=1", "/burden/", "/documents/", "/practices/", "/practices/new/", "/practices/1/", "/exemplars/", "/exemplars/new/", "/policies/desk/", "/kit/", "/spots/", "/coverage/", "/voices/desk/", "/desk/events/", "/desk/events/6/", "/desk/events/6/people/", "/desk/events/new/?kind=warmth", "/desk/event-figures/", "/proxy/", "/pool/", "/offers/", "/offers/new/", "/youth/", "/groups/", "/inquiries/", "/inquiries/?show=late", "/opinions/", "/board/", "/messages/", "/messages/settings/", "/summaries/", "/plans/", "/activities/", "/campaigns/", "/people/", "/board/trend/?by=day", "/board/days/?view=week"),
    "county140105": ("/today/", "/more/", "/help/", "/search/", "/burden/", "/practices/", "/practices/new/", "/practices/1/edit/", "/exemplars/", "/exemplars/new/", "/exemplars/1/", "/policies/desk/", "/policies/new/", "/policies/4/edit/", "/kit/", "/spots/", "/spots/new/", "/coverage/", "/voices/desk/", "/board/", "/board/?campaign=1", "/activities/", "/activities/new/", "/campaigns/2/", "/days-off/?year=2027", "/board/trend/", "/board/days/", "/lists/cases/",
        "/home-letters/", "/home-letters/new/", "/home-letters/preview/", "/home-letters/parts/1/", "/home-letters/parts/5/", "/home-letters/parts/5/edit/",
        "/youth/", "/youth/1/", "/youth/register/", "/youth/paper-form/", "/groups/", "/groups/1/", "/groups/new/", "/groups/1/edit/",
        "/inquiries/", "/inquiries/1/", "/inquiries/2/", "/opinions/", "/hometown/", "/140105/poster/?paper=a3",
        "/pool/", "/pool/?talked=stale", "/pool/today/", "/pool/map/", "/pool/new/", "/pool/1/", "/pool/1/edit/", "/pool/1/card/", "/pool/1/follower/",
        "/pool/alike/", "/pool/sheets/", "/pool/exports/", "/offers/", "/offers/1/", "/offers/new/",
        "/proxy/", "/proxy/cases/", "/proxy/cases/?state=accepted", "/proxy/cases/?show=with_us&state=all", "/proxy/cases/1/", "/proxy/cases/6/", "/proxy/cases/5/slip/", "/proxy/slips/1/",
        "/proxy/trips/", "/proxy/trips/1/", "/proxy/day/", "/proxy/slots/", "/proxy/phrases/", "/proxy/items/", "/proxy/items/10/", "/proxy/items/10/edit/", "/proxy/items/new/", "/proxy/register/", "/proxy/register/10/", "/proxy/paper-form/", "/proxy/figures/",
        "/desk/events/", "/desk/events/?show=past", "/desk/events/new/", "/desk/events/new/?kind=sharing", "/desk/events/new/?kind=internship", "/desk/events/new/?kind=warmth", "/desk/events/new/?kind=matchmaking",
        "/desk/events/1/", "/desk/events/1/edit/", "/desk/events/1/people/", "/desk/events/1/door/", "/desk/events/2/", "/desk/events/2/edit/", "/desk/events/2/posts/", "/desk/events/2/people/", "/desk/events/3/", "/desk/events/3/evening/", "/desk/events/3/evening/seats/",
        "/desk/events/4/", "/desk/events/4/edit/", "/desk/events/4/people/", "/desk/events/5/", "/desk/events/5/people/", "/desk/events/5/entry/", "/desk/points/", "/desk/visits/", "/desk/event-figures/",
        "/desk/vacancies/", "/desk/vacancies/?show=over", "/desk/vacancies/new/", "/desk/vacancies/1/", "/desk/vacancies/1/edit/"),
    "township140105001": ("/today/", "/more/", "/help/", "/burden/", "/practices/", "/kit/", "/spots/", "/voices/desk/", "/proxy/", "/proxy/cases/", "/proxy/cases/2/", "/proxy/items/", "/proxy/figures/", "/pool/", "/pool/today/", "/board/", "/activities/", "/activities/new/", "/me/", "/youth/", "/groups/", "/inquiries/", "/home-letters/", "/home-letters/new/", "/hometown/"),
    "youth": ("/", "/help/", "/policies/", "/policies/?home=140105", "/policies/1/", "/stories/", "/voices/", "/mine/voice/", "/mine/story/", "/find/?in=1401", "/1401/", "/1401/events/", "/140105/", "/140105/check-in/", "/check-in/more/", "/check-in/done/", "/my/", "/my/consents/messages/", "/my/correct/", "/my/pool/", "/my/questions/", "/my/questions/1/", "/my/letters/", "/my/letters/1/", "/my/delete/", "/privacy/", "/my/requests/", "/my/requests/11/", "/my/requests/12/", "/my/requests/11/slip/", "/140105/services/", "/140105/services/print/", "/services/10/", "/services/10/ask/", "/services/11/", "/status/", "/140106/services/", "/me/",
        "/vacancies/", "/140105/vacancies/", "/vacancies/1/", "/vacancies/2/want/", "/my/vacancies/",
        "/140105/events/", "/events/1/", "/events/2/", "/events/3/", "/events/4/", "/events/2/join/", "/events/3/join/", "/events/1/poster/", "/my/events/", "/my/events/137/", "/certificates/", "/pledge/", "/pledge/print/"),
}  # fmt: skip
# Words that are names, what people call the thing, or an address on paper.
ALLOWED = {"xlsx", "Authorization", "Token", "status", "http", "https", "Chrome", "Linux"}


def english(page):
    text = page.evaluate("document.body.innerText")
    for code in page.locator("code").all_inner_texts():  # a seal is digits, not words
        text = text.replace(code, "")
    return set(re.findall(r"[A-Za-z]{3,}", text)) - ALLOWED


# A cell so narrow that what it says stands a letter or two a line.
NARROW = """() => [...document.querySelectorAll("td, th, dd, .q-row > *, .q-list > li > *")]
.filter((cell) => (cell.innerText || "").trim().length > 6 && !cell.closest(".visually-hidden"))
.filter((cell) => getComputedStyle(cell).whiteSpace !== "nowrap")
.map((cell) => [cell.innerText.trim().slice(0, 20), cell.getBoundingClientRect().width])
.filter(([, width]) => width > 0 && width < 48)"""


@pytest.mark.parametrize("username", PAGES)
def test_every_page_fits_a_small_phone_and_axe_finds_nothing(desk, username):
    seat, wrong = (
        desk(width=360).sign_in(username, lands="" if username == "youth" else "today"),
        [],
    )
    for path in PAGES[username]:
        page = seat.go(path)
        if seat.overflow():
            wrong.append(f"{path}: {seat.overflow()} px too wide")
        wrong += [f"{path}: {cell} is narrow" for cell in page.evaluate(NARROW)]
        wrong += [f"{path}: {violation}" for violation in seat.axe()]
        if (
            words := english(page)
            - set(path.strip("/").split("/"))
            - set(re.findall("[a-z]+", username))
        ):
            wrong.append(f"{path}: {words}")
    assert wrong == []
    assert seat.errors == []


def test_sign_in_page(desk):
    seat = desk(width=360)
    seat.go("/accounts/login/")
    assert (seat.overflow(), seat.axe(), english(seat.page)) == (0, [], set())


def test_what_was_typed_survives_a_session_that_ended(desk):
    seat = desk("county140105", 390)
    page = seat.go("/activities/new/")
    page.locator(".q-chips label").first.click()
    page.fill("#id_place", "还没写完的地点")
    seat.context.clear_cookies(name="qingchun")
    page.get_by_role("button", name="提交登记").click()
    page.get_by_role("button", name="登录", exact=True).wait_for()
    page.fill("#id_login", "county140105")
    page.fill("#id_password", PASSWORD)
    page.click("button[data-once]")
    page.get_by_text("已找回上次没有提交的内容").wait_for()
    assert page.input_value("#id_place") == "还没写完的地点"


def test_entry_typed_without_a_network_is_sent_once_when_it_is_back(desk):
    seat = desk("county140105", 390)
    page = seat.go("/activities/new/")
    page.locator(".q-chips label").first.click()
    page.fill("#id_place", "断网时登记的地点")
    page.fill("#id_participants", "7")
    seat.context.set_offline(True)
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("联网后会自动提交").wait_for()
    seat.context.set_offline(False)
    page.get_by_text("已登记，县、市、省的进展已经更新").wait_for(timeout=15000)
    page = seat.go("/activities/?q=断网时登记的地点")
    assert page.locator(".q-act").count() == 1
    # Nothing is left over for the next entry.
    assert seat.go("/activities/new/").input_value("#id_place") == ""


def test_refused_photo_says_why_and_keeps_the_form(desk):
    seat = desk("county140105", 390)
    page = seat.go("/activities/new/")
    page.fill("#id_place", "照片试验")
    page.set_input_files(
        "#id_photos", [{"name": "假.jpg", "mimeType": "image/jpeg", "buffer": b"<html>"}]
    )
    page.get_by_text("不是能打开的照片").first.wait_for()
    assert page.input_value("#id_place") == "照片试验"


def test_passkey_is_added_and_opens_the_portal(desk):
    seat = desk()
    session = seat.context.new_cdp_session(seat.page)
    session.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    # A passkey belongs to a name, never to a bare address.
    seat.server = seat.server.replace("127.0.0.1", "localhost")
    page = seat.sign_in("youth", lands="").page
    page.goto(f"{seat.server}/accounts/2fa/webauthn/add/")
    page.fill("input[type=password]", PASSWORD)
    page.get_by_role("button", name="确认").click()
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{seat.server}/accounts/logout/")
    page.locator("main button").click()
    page.goto(f"{seat.server}/accounts/login/")
    page.click("#passkey_login")
    page.get_by_text("回家，看见新山西").wait_for()
    assert seat.errors == []
    put_back("DELETE FROM mfa_authenticator")
