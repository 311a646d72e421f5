"""What a device may keep of a form, read from the code; what a browser keeps: tests/browser."""

import ast
import re
from http.cookies import SimpleCookie

from django import forms
from django.contrib.auth import SESSION_KEY

from qingchun.accounts.models import User
from qingchun.ground.fields import AgreeField
from tests.conftest import PASSWORD
from tests.looking import looking
from tests.our_forms import ROOT, our_forms, sources

# Boxes that say nothing in a person's name: a device may tick them again.
PLAIN = {
    "acts_for", "adults_only", "asked", "in_series", "is_lasting", "is_on", "is_read_only", "is_shown",
    "needs_approval",
    "passwordless", "remember", "second_confirms", "weekends",
}  # fmt: skip
SECRET = re.compile(r"^(code|picture|sure|agree.*|.*identity.*|(.*_)?password\d?)$")


def is_never_kept(field):
    attrs = field.widget.attrs
    return (
        "data-never-kept" in attrs
        or attrs.get("autocomplete") == "one-time-code"
        or getattr(field.widget, "input_type", "") in ("password", "file")
    )


def test_no_form_lets_a_device_keep_a_code_a_consent_or_an_identity_number():
    kept = {
        f"{form.__name__}.{name}"
        for form in our_forms()
        for name, field in form.base_fields.items()
        if not is_never_kept(field)
        and (SECRET.match(name) or (isinstance(field, forms.BooleanField) and name not in PLAIN))
    }
    assert kept == set()


def test_box_made_while_a_form_is_filled_is_never_kept_either():
    """``self.fields["is_single"] = …`` stands in no class; a new box is said to be either kind."""
    found = {
        ast.unparse(node.func)
        for path in sources()
        for statement in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript)
        for node in ast.walk(statement.value)
        if isinstance(node, ast.Call)
    }
    assert "AgreeField" in found
    assert "forms.BooleanField" not in found


def test_no_page_lets_a_device_keep_a_code_or_a_consent():
    kept = set()
    for path in (ROOT / "templates").glob("**/*.html"):
        for tag in re.findall(r"<input\b[^>]*>", path.read_text(encoding="utf-8")):
            name = re.search(r'name="([^"]*)"', tag)
            is_safe = "data-never-kept" in tag or "one-time-code" in tag or 'type="hidden"' in tag
            is_file = 'type="file"' in tag
            if name and SECRET.match(name[1]) and not is_safe and not is_file:
                kept.add((path.name, name[1]))
    assert kept == set()


def test_only_one_script_writes_on_the_device():
    """Another would keep things for ever, and for everybody."""
    words = re.compile(r"localStorage|sessionStorage|indexedDB|caches\.|serviceWorker|\.cookie\b")
    scripts = [*(ROOT / "static").glob("**/*.js"), *(ROOT / "templates").glob("**/*.html")]
    found = {path.name for path in scripts if words.search(path.read_text(encoding="utf-8"))}
    assert found == {"qingchun.js"}


def test_agreement_bears_its_mark_in_the_page():
    class Form(forms.Form):
        agree = AgreeField(label="同意")

    assert " data-never-kept" in str(Form()["agree"])


# The word to forget


def told_to_forget(response):
    cookie = response.cookies.get("forget", SimpleCookie())
    return getattr(cookie, "value", "") == "1"


def test_device_is_told_to_forget_when_somebody_signs_out(client, zhang):
    client.force_login(zhang)
    assert not told_to_forget(client.get("/me/"))
    assert told_to_forget(client.post("/accounts/logout/"))
    assert not told_to_forget(client.get("/"))


def test_device_is_told_to_forget_when_others_ended_the_session(client, zhang):
    client.force_login(zhang)
    client.session.delete()
    assert told_to_forget(client.get("/me/"))


def test_device_is_told_to_forget_when_the_password_was_changed_elsewhere(client, zhang):
    client.force_login(zhang)
    zhang.set_password(f"{PASSWORD}!")
    zhang.save()
    assert told_to_forget(client.get("/me/"))


def test_device_is_told_to_forget_when_the_account_is_gone(client, chen):
    client.force_login(chen)
    with looking():
        User.objects.filter(pk=chen.pk).delete()
    assert told_to_forget(client.get("/"))


def test_device_keeps_what_was_typed_when_somebody_only_paused(client, zhang, winter):
    client.force_login(zhang)
    client.get("/me/")
    winter.shift(31 * 60)
    response = client.get("/me/")
    assert not told_to_forget(response)
    page = client.get(response.url).content.decode()
    assert "一天之内用同一个账号登录" in page
    # The pause over, it is one more page of nobody's.
    assert not told_to_forget(client.get("/"))


def test_whoever_never_signed_in_is_told_nothing(client, db):
    session = client.session
    session["code"] = "asked for"
    session.save()
    client.cookies["qingchun"] = session.session_key
    assert SESSION_KEY not in client.session
    assert not told_to_forget(client.get("/"))


# What a browser has at an https address alone, and otherwise not at all.
NEEDS_HTTPS = re.compile(
    r"\b(mediaDevices|serviceWorker|clipboard|geolocation|wakeLock|PushManager|subtle|caches"
    r"|SpeechRecognition)\b"
)


def test_script_that_needs_https_asks_for_it_first():
    """Where there is none, to be sent to the browser's settings cannot help."""
    scripts = {path.name: path.read_text(encoding="utf-8") for path in ROOT.glob("static/**/*.js")}
    needing = {name for name, text in scripts.items() if NEEDS_HTTPS.search(text)}
    assert "door.js" in needing
    assert {name for name in needing if "isSecureContext" not in scripts[name]} == set()
