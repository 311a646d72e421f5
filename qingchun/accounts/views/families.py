"""One number, several persons: who of them is here, and changing places."""

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from qingchun.accounts import claims, codes, drafts, families
from qingchun.accounts.actions.persons import part_from_number
from qingchun.accounts.forms import CodeForm
from qingchun.accounts.phones import masked
from qingchun.accounts.views.sign_in import asks_for_code, safe_target
from qingchun.ground.refusals import Refused, said_on
from qingchun.organizations.access import FORM, PUBLIC, access

NEW = "another"
OWN_SIGN_IN = "这是工作账号，或者设了密码，请用它自己的用户名和密码登录。"
NEWCOMER = "已经为您单独开了账号。请先找到家乡报到，报到只要一分钟。"


@access(PUBLIC, takes=FORM)
@never_cache
def who(request):
    """Who of a number's family is acting. Asked once its code came back, or again on the day."""
    phone = codes.number_proved_here(request)
    if not phone:
        return _prove_again(request)
    members = families.members_of(phone)
    if _is_silent(phone):
        return _ask_name(request, phone, members)
    if request.method == "POST":
        return _take_place(request, phone, members, request.POST.get("person", ""))
    shown = [(one.pk, families.masked(one.name), one.where) for one in members]
    return render(request, "accounts/who.html", {"members": shown})


def _is_silent(phone):
    return families.is_silent(families.known_by(phone))


def _take_place(request, phone, members, chosen):
    person = next((one for one in members if str(one.pk) == chosen), None)
    if person is None and chosen != NEW:
        raise Refused("请选一位再继续。")
    return _sit_down(request, phone, person)


def _sit_down(request, phone, person):
    target, proof = request.GET.get("next", ""), codes.kept_proof(request, phone)
    if person and person.pk == request.user.pk:
        return redirect(safe_target(request, target))
    if person and families.asks_for_more(person):
        logout(request)
        messages.info(request, OWN_SIGN_IN)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")
    answer = codes.change_places(request, phone, proof=proof, person=person)
    if answer is None and person is None:
        messages.success(request, NEWCOMER)
    return answer or redirect(safe_target(request, target))


def _ask_name(request, phone, members):
    """The number was silent for a year: the name is asked, and nothing of its owner shown.

    Whoever does not know it is somebody else, and begins anew.
    """
    problem = ""
    if request.method == "POST" and request.POST.get("person") != NEW:
        said, names = request.POST.get("registered_name", ""), [one.name for one in members]
        try:
            place = claims.must_know_name(phone, "silent", said, names)
            return _sit_down(request, phone, members[place])
        except claims.NoMoreTries:
            return _begin_anew(request, phone)
        except Refused as refusal:
            problem = str(refusal)
    elif request.method == "POST":
        return _begin_anew(request, phone)
    return render(request, "accounts/who_silent.html", {"problem": problem})


def _begin_anew(request, phone):
    part_from_number(families.known_by(phone))
    return _sit_down(request, phone, None)


def _prove_again(request):
    """A code to one's own number, where this session has not proved it today."""
    phone = families.number_behind(request.user) if request.user.is_authenticated else ""
    if not phone:
        return redirect(f"{reverse('accounts:sign_in_by_code')}?{request.GET.urlencode()}")
    form = CodeForm(drafts.typed(request))
    del form.fields["phone"]
    if answer := asks_for_code(request, form, phone):
        return answer
    if request.method == "POST" and form.is_valid():
        with said_on(form, "code"):
            proof = codes.check_code(request, phone, form.cleaned_data["code"])
            codes.keep_proof(request, phone, proof, request.user)
            return redirect(request.get_full_path())
    context = {"form": form, "phone": masked(phone), **drafts.shown(request, form)}
    return render(request, "accounts/who_code.html", context)
