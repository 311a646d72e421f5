"""The inbox for everybody; the delivery log, words and robots for those who look after them."""

import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from qingchun.ground.paging import page_of
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import said_on
from qingchun.notifications import actions, channels, matters, purposes
from qingchun.notifications.channels import files
from qingchun.notifications.forms import (
    ChoiceForm,
    GroupChatForm,
    LogFilter,
    MatterForm,
    WordingForm,
)
from qingchun.notifications.health import state_of_things
from qingchun.notifications.models import GroupChat, Message, Preference, Wording
from qingchun.notifications.purposes import Audience
from qingchun.organizations.access import FORM, POST, PUBLIC, SIGNED_IN, access
from qingchun.organizations.choices import Level, Role
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of

PROVINCE_ADMINS = {"levels": (Level.PROVINCE,), "roles": (Role.ADMIN,)}


@access(SIGNED_IN)
def inbox(request):
    page = page_of(prepared(Message.objects).inbox_of(request.user), request.GET.get("page"))
    context = {"page": page, "unread": any(m.read_at is None for m in page)}
    return render(request, "notifications/inbox.html", context)


@access(SIGNED_IN, takes=POST)
def open_message(request, pk):
    """Mark a message read and go to what it is about, in the post that it concerns."""
    message = get_object_or_404(Message.objects.inbox_of(request.user), pk=pk)
    actions.read(message, actor=request.user)
    if message.organization_id in {post.organization_id for post in request.user.posts}:
        request.session["acting_for"] = message.organization_id
    return redirect(message.link or "notifications:inbox")


@access(SIGNED_IN, takes=POST)
def read_all(request):
    actions.read_all(actor=request.user)
    return redirect("notifications:inbox")


@access(SIGNED_IN, takes=FORM)
def choices(request):
    audience = Audience.CADRES if request.user.posts else Audience.YOUNG
    form = ChoiceForm(request.POST or None, initial=_chosen(request.user), audience=audience)
    if request.method == "POST" and form.is_valid():
        actions.choose(actor=request.user, audience=audience, **form.cleaned_data)
        return done(request, "接收设置已保存。", "notifications:choices")
    return render(request, "notifications/choices.html", {"form": form})


def _chosen(user):
    kept = Preference.objects.filter(user=user).first() or Preference()
    on = [name for name, _ in channels.optional() if name not in kept.off]
    return {"ways": on, "muted": kept.muted, "email": user.email}


# What the address in a message opens

OPENED, STAYS_OPEN = "opened_matters", 30 * 60


@access(PUBLIC, takes=FORM)
@never_cache
def matter(request, token):
    """One matter, for whoever signs in or knows the number's last four digits; open, it takes the one
    tap that it offers. Looking at the address changes nothing: a robot does that, before anybody has
    tapped it."""
    message = matters.message_of(token)
    if message and request.user.pk == message.recipient_id and request.method == "GET":
        return redirect(message.link or "notifications:inbox")
    stage = _stage_of(request, message)
    if stage == "open" and request.method == "POST":
        return done(request, matters.act_on(message), "notifications:matter", token)
    form = MatterForm(request.POST or None)
    if stage == "ask" and request.method == "POST" and form.is_valid():
        with said_on(form, "last_four"):
            address = get_adapter().get_client_ip(request)
            matters.open_by_number(message, form.cleaned_data["last_four"], address=address)
            request.session[OPENED] = _opened(request) | {str(message.pk): time.time()}
            return redirect("notifications:matter", token)
    context = {"message": message, "stage": stage, "form": form}
    context["next"] = request.path if message else "/my/"
    if stage in ("open", "over"):
        context["matter"] = found = matters.matter_of(message)
        if stage == "open" and found.opens:
            return redirect(found.opens, token)
    status = 200 if message else 404
    return render(request, "notifications/matter.html", context, status=status)


def opened_here(request, token):
    """The message whose address was opened on this device a while ago, for a page of its own; or
    none."""
    message = matters.message_of(token)
    return message if message and _stage_of(request, message) == "open" else None


def _opened(request):
    """Number of a message → when it was opened here, of those that still are."""
    kept, since = request.session.get(OPENED, {}), time.time() - STAYS_OPEN
    return {number: at for number, at in kept.items() if at > since}


def _stage_of(request, message):
    if message is None:
        return "unknown"
    if str(message.pk) in _opened(request):
        return "open"
    if request.user.is_authenticated and request.user.pk != message.recipient_id:
        return "other"
    if matters.is_over(message):
        return "over"
    return "shut" if matters.is_discreet(message) else "ask"


# Those who look after it


STEPPING = Stepping(
    actions.MESSAGES,
    one_of(Message.objects.visible_to),
    who=PROVINCE_ADMINS,
    route="notifications:message_step",
    back=lambda message: redirect("notifications:log"),
)
message_step = STEPPING.page


@access(**PROVINCE_ADMINS)
def log(request):
    form = LogFilter(request.GET, scope=request.user.scope)
    found = form.narrow(Message.objects.visible_to(request.user))
    page = page_of(found.select_related("recipient", "organization"), request.GET.get("page"))
    for message in page:
        message.purpose_label = purposes.label_of(message.purpose)
        message.shown = files.without_keys(message.text)
        message.steps = STEPPING.offers(request.user, message)
    context = {"page": page, "form": form, "things": state_of_things(now())}
    return render(request, "notifications/log.html", context)


@access(**PROVINCE_ADMINS)
def sent_files(request):
    """What would have gone out by e-mail and SMS, where no provider is configured: never codes."""
    context = {
        "files": files.newest(),
        "email_to_file": not settings.EMAIL_HOST,
        "sms": settings.SMS_BACK_END,
    }
    return render(request, "notifications/files.html", context)


@access(**PROVINCE_ADMINS)
def words(request):
    own = Wording.objects.in_bulk()
    rows = [
        {
            "purpose": purpose,
            "wording": own.get(purpose.key),
            "shown": purposes.fill((own.get(purpose.key) or purpose).text, purpose.fields),
        }
        for purpose in purposes.all_purposes()
    ]
    return render(request, "notifications/words.html", {"rows": rows})


@access(**PROVINCE_ADMINS, takes=FORM)
def reword(request, key):
    purpose = purposes.find(key)
    if purpose is None:
        raise Http404
    subject, text = actions.words_of(purpose)
    form = WordingForm(request.POST or None, initial={"subject": subject, "text": text})
    if request.method == "POST" and form.is_valid():
        with said_on(form, "text"):
            actions.reword(purpose, actor=request.user, **form.cleaned_data)
            return done(request, f"“{purpose.label}”的模板已保存。", "notifications:words")
    return render(request, "notifications/reword.html", {"form": form, "purpose": purpose})


@access(roles=(Role.ADMIN,), takes=FORM)
def group_chat(request):
    chat = GroupChat.objects.filter(organization_id=request.user.scope).first()
    kept = {"robot": chat.robot, "name": chat.name, "is_on": chat.is_on} if chat else {}
    form = GroupChatForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        with said_on(form, "url"):
            actions.set_group_chat(actor=request.user, **form.cleaned_data)
            messages.success(request, "群聊机器人已保存，截止提醒会同时发到群里。")
            return redirect("notifications:group_chat")
    return render(request, "notifications/group_chat.html", {"form": form, "chat": chat})
