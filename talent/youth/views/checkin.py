"""向团组织报到, in two short steps that work without a script."""

import time

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from qingchun.accounts import codes, drafts, families
from qingchun.accounts.claims import same_name
from qingchun.accounts.forms import CodeForm
from qingchun.accounts.phones import clean_phone
from qingchun.accounts.proving import proved_phone
from qingchun.accounts.views.families import OWN_SIGN_IN
from qingchun.accounts.views.sign_in import asks_for_code, entered
from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, PUBLIC, YOUNG, access
from qingchun.organizations.codes import county_of, is_below_county
from talent.youth.actions import checkin as actions
from talent.youth.actions import knowing
from talent.youth.actions.consents import standing, up_to_date
from talent.youth.actions.groups import shown_to
from talent.youth.choices import Age, ConsentPurpose
from talent.youth.facts import PERSON, VISIT
from talent.youth.forms.checkin import CheckInForm, MoreForm, OwnWordForm
from talent.youth.models import CheckIn
from talent.youth.views.public import own_youth, place_or_redirect, wants_work

TOO_YOUNG, DAY = "too_young", 24 * 60 * 60
ASKS = "ask"  # in the address of the page that asks who it is


@access(PUBLIC, takes=FORM)
@never_cache
def check_in(request, code):
    """First step: who somebody is. A number is proved by a code, in the same form."""
    unit, elsewhere = place_or_redirect(code, "talent:check_in")
    if elsewhere:
        return elsewhere
    if _is_too_young(request):
        said = f"{actions.too_young(unit.code)}刚才填的没有保存。"
        messages.warning(request, said, extra_tags="done")  # kept on no device either
        return redirect("talent:hometown", code)
    if ASKS in request.GET and (asked := drafts.said(request).get(ASKS)):
        context = asked | {"form": OwnWordForm(name=asked["name"])}
        return render(request, "talent/check_in_ask.html", context)
    youth = own_youth(request)
    options = {
        "unit": unit,
        "is_known": _is_known(request.user),
        "agreed_before": up_to_date(youth) if youth else (),
        "is_proved": _is_proved(request),
    }
    form = CheckInForm(drafts.typed(request), initial=_known_of(youth, unit), **options)
    if "phone" in form.fields and (answer := asks_for_code(request, form)):
        return answer
    if "code" in form.fields and "back" in request.POST:
        if answer := _come_back(request, form):
            return answer
    elif request.method == "POST" and form.is_valid():
        with said_on(form, "code" if "code" in form.fields else None):
            return _check_in(request, form, youth)
    moves = youth and not youth.organization_id.startswith(county_of(unit.code))
    context = {"form": form, "unit": unit, "youth": youth, "moves": moves}
    context["before"] = form.as_before() if youth and not moves else ()
    context |= drafts.shown(request, form)
    return render(request, "talent/check_in.html", context)


def _is_too_young(request):
    """Whether they said so, now or today under this name: another age on the same form does not
    pass. Of the form nothing is kept, and no code of it holds."""
    name, age = request.POST.get("name", ""), request.POST.get("age")
    mark = salted_hmac("talent.too_young", "".join(name.split())).hexdigest()
    said = {m: at for m, at in request.session.get(TOO_YOUNG, {}).items() if at > time.time() - DAY}
    if age != Age.CHILD and (not name or mark not in said):
        return False
    codes.forget(request)
    drafts.forget(request)
    request.session[TOO_YOUNG] = said | {mark: time.time()}
    return True


def _is_known(user):
    """Nobody is asked for a number who has proved theirs, or has none and is acted for."""
    return bool(proved_phone(user)) or bool(getattr(user, "represented_by_id", None))


def _is_proved(request):
    """This session has just proved the number that stands in the form: no second code."""
    typed = drafts.typed(request) or {}
    try:
        return bool(codes.kept_proof(request, clean_phone(typed.get("phone", ""))))
    except ValidationError:
        return False


def _come_back(request, form):
    """Who checked in before is asked for the number alone; what is known of them is shown after it
    was proved. A number that nobody has goes on with the form."""
    first = CodeForm(request.POST)
    if not first.is_valid():
        form.full_clean()
        form._errors = first.errors
        return None

    def go_on(phone, proof):
        codes.keep_proof(request, phone, proof)
        drafts.keep(request, form, is_new=True)
        return redirect(request.get_full_path())

    answer = entered(request, first, request.path, go_on)
    form.full_clean()
    form._errors = first.errors
    return answer


def _known_of(youth, unit):
    """What a person who comes back need only confirm."""
    if youth is None:
        return {}
    known = {fact.name: getattr(youth, fact.name) for fact in PERSON}
    last = CheckIn.objects.filter(youth=youth).order_by("-at").first()
    known |= {fact.name: getattr(last, fact.name) for fact in VISIT if last}
    is_here = youth.organization_id.startswith(county_of(unit.code))
    if is_here and is_below_county(youth.organization_id):
        known["township"] = youth.organization_id
    return known


def _check_in(request, form, youth):
    clean, user = form.cleaned_data, request.user
    phone, proof = _proof_of(request, form)
    is_here = user.is_authenticated and (
        "phone" not in clean or codes.is_typed_here(request, phone)
    )
    found = knowing.who_checks_in(
        knowing.Known(user, youth) if is_here else None,
        phone=phone,
        name=clean["name"],
        home=form.home(),
        said=_said(request, youth, clean["name"]),
        registered_name=request.POST.get("registered_name", ""),
    )
    if isinstance(found, knowing.Question):
        return _ask(request, form, found)
    is_oneself = is_here and found.user == user
    agreed = form.agreed() if is_oneself else form.ticked()
    if ConsentPurpose.BASIC not in agreed:  # whoever is signed in had agreed, and for nobody else
        return _ask(request, form, knowing.Question(found.home, [], is_for_another=True))
    if not is_oneself or "phone" in clean:
        answer = _sit_down(request, phone, proof, found.user, clean["name"])
        if answer:
            return answer
    actions.check_in(
        request.user, record=found.youth, home=found.home, agreed=agreed,
        guardian=form.guardian(), **form.facts(),
    )  # fmt: skip
    drafts.forget(request)
    return redirect("talent:check_in_done" if "same" in request.POST else "talent:check_in_more")


def _proof_of(request, form):
    """(the number, which message proved it): now, some minutes ago, or long before."""
    if "phone" not in form.fields:
        return proved_phone(request.user), request.user.phone_proof
    phone = form.cleaned_data["phone"]
    if "code" not in form.fields:
        return phone, codes.kept_proof(request, phone)
    proof = codes.check_code(request, phone, form.cleaned_data["code"])
    codes.keep_proof(request, phone, proof)
    return phone, proof


def _said(request, youth, name):
    """The answer to a question; whoever read on the form that home changes has given it."""
    read_it = youth and request.POST.get("moves_from") == youth.organization_id
    if "who" not in request.POST and read_it and same_name(youth.name, name):
        return f"u{request.user.pk}-move"
    return request.POST.get("who", "")


def _ask(request, form, question):
    """Who is it? Asked on a page of its own, which holds all that was typed, consents too: they were
    given a moment ago and go on with their answer. On the form itself none stands ticked."""
    dropped = {"csrfmiddlewaretoken", "code", "moves_from"}
    if not question.is_for_another:
        dropped |= {"who", "registered_name"}
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in dropped
    ]
    asked = _as_shown(question, request.POST["name"]) | {"typed": typed}
    drafts.keep(request, form, **{ASKS: asked})
    return redirect(f"{request.path}?{ASKS}=1")


def _as_shown(question, name):
    """What the page shows of it, as it is kept until it is drawn: of people no more than is shown."""
    choices = [
        (value, {"masked": one.masked_name, "home": one.home and one.home.name, "renames": one.name != name}, change)
        for value, one, change in question.choices
    ]  # fmt: skip
    shown = {key: getattr(question, key) for key in ("is_for_another", "silent", "problem")}
    return {
        "question": shown | {"choices": choices},
        "is_asked_for_name": question.at_the_door or question.silent,
        "another_first": question.is_unlike(name),
        "name": name,
    }


def _sit_down(request, phone, proof, person, name):
    """Sign in whom the check-in is of. Returns: where else they have to go first, or None.

    A work account is entered by its own sign-in alone, whether it was chosen or its name typed.
    """
    here = request.user
    if person and person.pk == here.pk:
        return codes.sign_in(request, phone, proof=proof, person=person)
    again = urlencode({"next": request.path})
    if person and here.is_authenticated and not codes.kept_proof(request, phone):
        return redirect(f"{reverse('accounts:who')}?{again}")
    if person and families.asks_for_more(person):
        messages.info(request, OWN_SIGN_IN)
        logout(request)
        return redirect(f"{reverse('account_login')}?{again}")
    # Whoever has a second factor passes it first, and comes back to a form that was kept.
    return codes.change_places(request, phone, proof=proof, person=person, name=name)


@access(YOUNG, takes=FORM)
def check_in_more(request):
    """Second step, voluntary; skipped, nothing is lost."""
    youth = own_youth(request)
    checkin = CheckIn.objects.filter(youth=youth).order_by("-at").first() if youth else None
    if checkin is None:
        return redirect("talent:find")
    form = MoreForm(
        request.POST or None,
        youth=youth,
        agreed_before=up_to_date(youth),
        initial=model_to_dict(youth) | model_to_dict(checkin),
    )
    if request.method == "POST" and form.is_valid():
        left_out = actions.say_more(youth, checkin, standing=standing(youth), **form.values())
        if left_out:
            messages.warning(
                request,
                "没有勾选对应的同意，“加入人才库”或“青春有约”没有登记。需要时可在“我的”里补上。",
            )
        return redirect("talent:check_in_done")
    return render(request, "talent/check_in_more.html", {"form": form, "youth": youth})


@access(YOUNG)
def check_in_done(request):
    """Checked in: the group to join and the person to ask."""
    youth = own_youth(request)
    if youth is None:
        return redirect("talent:find")
    groups = shown_to(youth)
    context = {
        "youth": youth,
        "groups": [g for g in groups if g.takes_people or g.is_joined],
        "wants_work": wants_work(youth),
        # Where somebody was on the way to when they were asked to check in first.
        "on_the_way_to": request.session.pop("on_the_way_to", ""),
    }
    return render(request, "talent/check_in_done.html", context)
