"""Signing in by a number and a code, and the code that a new device is asked for."""

from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache

from qingchun.accounts import challenges, codes, drafts, factors, families
from qingchun.accounts.actions.persons import part_from_number, why_stopped
from qingchun.accounts.audit import write_account, write_failure
from qingchun.accounts.forms import CodeForm
from qingchun.accounts.proving import prove
from qingchun.ground.portal import answers
from qingchun.ground.refusals import Refused
from qingchun.organizations.access import FORM, PUBLIC, SIGNED_IN, access


def safe_target(request, target):
    """Where to go after signing in: a page of ours, else the front door."""
    hosts = {request.get_host()}
    return target if target and url_has_allowed_host_and_scheme(target, hosts) else "/"


def asks_for_code(request, form, phone=None):
    """Send a code where the form's button says so. Returns: the way to the page that shows what
    became of it, all else kept as typed; or None to go on.

    ``phone``: where the number is known already.
    """
    if request.method != "POST" or "send" not in request.POST:
        return None
    field = "code" if phone else "phone"
    try:
        phone = phone or form.fields["phone"].clean(form.data.get("phone", ""))
        solved = challenges.is_solved(request, form.data)
        demo_code = codes.send_code(request, phone, solved=solved)
        said = {"code_sent": True, "demo_code": demo_code}
    except ValidationError as error:
        said = {"problem": (field, error.messages[0])}
    except codes.ChallengeNeeded as refusal:
        said = {"challenge_text": str(refusal)}
    except Refused as refusal:
        said = {"problem": (field, str(refusal))}
    drafts.keep(request, form, **said)
    return redirect(request.get_full_path())


@access(PUBLIC, takes=FORM)
@never_cache
def sign_in_by_code(request):
    """Sign in by phone; whoever is unknown lands on check-in like everybody who has none."""
    form = CodeForm(drafts.typed(request))
    if answer := asks_for_code(request, form):
        return answer
    onward = safe_target(request, request.GET.get("next"))
    if request.method == "POST" and form.is_valid() and (answer := entered(request, form, onward)):
        return answer
    weixin = reverse("weixin_login") if settings.WEIXIN_APP_ID else ""
    context = {"form": form, "weixin": weixin, "no_codes": not settings.CODES_CAN_BE_USED}
    context["goes_on"] = _goes_on(onward)
    context |= drafts.shown(request, form)
    return render(request, "accounts/sign_in_by_code.html", context)


def _goes_on(onward):
    """What somebody was on the way to when they were asked to sign in, where that has a word."""
    try:
        name = resolve(urlsplit(onward).path).view_name
    except Resolver404:
        return ""
    return dict(answers("goes_on")).get(name, "")


def entered(request, form, onward, unknown=None):
    """Sign in whoever the number is known for, or ask which of them it is.

    ``unknown``: (phone, proof) → answer, of a number that is nobody's; without it they become
    somebody. Returns: the answer, or None where the form says what is wrong.
    """
    phone = form.cleaned_data["phone"]
    try:
        proof = codes.check_code(request, phone, form.cleaned_data["code"])
        known = families.known_by(phone)
        family = [one for one in known if one.is_active]
        if known and not family:
            _begin_anew_or_stop(known)
        if _who_is_not_clear(request, phone, family):
            codes.keep_proof(request, phone, proof, family[0])
            return redirect(f"{reverse('accounts:who')}?{urlencode({'next': onward})}")
        if unknown and not family:
            return unknown(phone, proof)
        response = codes.sign_in(request, phone, proof=proof, person=next(iter(family), None))
        return response or redirect(onward)
    except Refused as refusal:
        write_failure(phone, request=request, how="短信验证码")
        form.add_error("code", str(refusal))
        return None


def _begin_anew_or_stop(known):
    """An account that was stopped opens nothing; its number may be somebody else's by now."""
    if not families.is_silent(known):
        raise Refused(why_stopped(known[0]))
    part_from_number(known)


def _who_is_not_clear(request, phone, family):
    """Several persons, or perhaps none of those the number was known for; the page asks."""
    if not family or codes.is_typed_here(request, phone):
        return False
    if len(family) > 1 or family[0].is_head or families.is_silent(family):
        return True
    # WeChat is one person's own, and the number may be of the family.
    return bool(codes.waiting(request)) and any(one.where for one in families.members_of(phone))


@access(PUBLIC)
@never_cache
def challenge_picture(request):
    return HttpResponse(challenges.draw(request), content_type="image/png")


@access(SIGNED_IN, takes=FORM)
@never_cache
def device(request):
    """A code to one's own number, on a device that was not seen for long; the number is proved."""
    onward = safe_target(request, request.GET.get("next"))
    if factors.has_passed(request, factors.CODE):
        return redirect(onward)
    if "password" not in factors.methods(request):
        # A code alone brought them here, or WeChat: that is one factor.
        if not request.user.has_usable_password():
            return render(request, "accounts/device.html", {"no_password": True})
        again = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_reauthenticate')}?{again}")
    phone = request.user.phone
    if not phone:
        return redirect("mfa_index")
    form = CodeForm(drafts.typed(request), initial={"phone": request.user.masked_phone})
    del form.fields["phone"]
    if answer := asks_for_code(request, form, phone):
        return answer
    if request.method == "POST" and form.is_valid() and _proved(request, form, phone):
        return redirect(onward)
    context = {"form": form, "phone": request.user.masked_phone, **drafts.shown(request, form)}
    return render(request, "accounts/device.html", context)


def _proved(request, form, phone):
    try:
        proof = codes.check_code(request, phone, form.cleaned_data["code"])
    except Refused as refusal:
        write_account(request.user, "第二因素验证失败", request=request, factor="短信验证码")
        form.add_error("code", str(refusal))
        return False
    write_account(request.user, "第二因素验证通过", request=request, factor="短信验证码")
    prove(request.user, phone, proof=proof)
    record_authentication(request, request.user, method="code")
    return factors.note(request, factors.CODE)
