"""What the address of an invitation opens, and that of a lost password."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from qingchun.accounts import codes, drafts, families
from qingchun.accounts.actions import credentials, invitations
from qingchun.accounts.actions.persons import part_from_number
from qingchun.accounts.audit import write_account
from qingchun.accounts.forms import AcceptForm, CodeForm, PasswordForm
from qingchun.accounts.proving import account_of_login
from qingchun.accounts.views.sign_in import asks_for_code
from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, PUBLIC, access
from qingchun.organizations.walls import set_rls_context
from qingchun.tapping import done

PROVED = "invitation_proved"


@access(PUBLIC, takes=FORM)
@never_cache
def invitation(request, token):
    """First the number is proved by a code sent to it, then the post is taken up."""
    waiting = invitations.invitation_by(token)
    proof = _proof(request, waiting)
    if proof is None:
        return _ask_for_code(request, waiting)
    form = AcceptForm(request.POST or None, persons=_persons(request, waiting), name=waiting.name)
    if request.method == "POST" and form.is_valid() and _is_the_owner(request, form):
        return _accept(request, waiting, form, proof)
    return render(request, "accounts/invitation.html", {"form": form, "invitation": waiting})


def _proof(request, waiting):
    """Which message proved the number in this session; "" where none can be sent, None before."""
    if not settings.CODES_CAN_BE_USED:
        return ""
    held = request.session.get(PROVED) or {}
    return held.get("proof") if held.get("invitation") == waiting.pk else None


def _persons(request, waiting):
    """Who it may be: whoever has proved the number; without codes, whoever is signed in.

    Nobody who was silent for a year is offered, whatever the name: the number may have a new owner,
    who has read on this page which name was invited.
    """
    if not settings.CODES_CAN_BE_USED:
        return [request.user] if request.user.is_authenticated else []
    return [one for one in families.known_by(waiting.phone) if not families.is_silent([one])]


def _ask_for_code(request, waiting):
    form = CodeForm(drafts.typed(request))
    del form.fields["phone"]
    if answer := asks_for_code(request, form, waiting.phone):
        return answer
    if request.method == "POST" and form.is_valid():
        with said_on(form, "code"):
            proof = codes.check_code(request, waiting.phone, form.cleaned_data["code"])
            request.session[PROVED] = {"invitation": waiting.pk, "proof": proof}
            return redirect(request.path)
    context = {"form": form, "invitation": waiting, "phone": waiting.masked_phone}
    context |= drafts.shown(request, form)
    return render(request, "accounts/invitation_code.html", context)


def _is_the_owner(request, form):
    """An account with a password is theirs who knows it; failures count as at sign-in."""
    if not form.has_password:
        return True
    name, password = form.chosen.username, form.cleaned_data["password"]
    try:
        if get_adapter().authenticate(request, username=name, password=password):
            return True
        form.add_error("password", "密码不对。忘了的，请原单位管理员重设后再接受邀请。")
    except ValidationError as error:
        form.add_error("password", error)
    return False


def _accept(request, waiting, form, proof):
    person = form.chosen
    known = families.known_by(waiting.phone)
    if person is None and proof and families.is_silent(known):
        part_from_number(known)
    post = invitations.accept(
        waiting,
        person=person,
        password="" if form.has_password else form.cleaned_data["password"],
        proof=proof,
    )
    request.session.pop(PROVED, None)
    if proof:  # the device has just shown that it has the number
        record_authentication(request, post.user, method="code")
    is_theirs = account_of_login(waiting.phone) == post.user_id
    by = "手机号" if is_theirs else f"用户名 {post.user.username} "
    messages.success(
        request,
        f"您现在是{post.organization.full_name}的{post.get_role_display()}，请用{by}和密码登录。",
    )
    return redirect("account_login")


@access(PUBLIC, takes=FORM)
@never_cache
def password(request, token):
    """Somebody whose password was lost sets a new one."""
    user = credentials.read_password_link(token)
    set_rls_context(person=user.pk)
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        credentials.set_password(user, form.cleaned_data["password"])
        write_account(user, "设置密码", request=request)
        return done(request, "密码已设好，请登录。", "account_login")
    return render(request, "accounts/password.html", {"form": form, "person": user})
