"""一封家书 as it is read: on 我的 by whoever signs in, or from the address in a message; one tap answers."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from qingchun.notifications.views import opened_here
from qingchun.organizations.access import FORM, PUBLIC, YOUNG, access
from talent.youth.actions import letter_copies as actions
from talent.youth.choices import LetterAnswer
from talent.youth.models import LetterCopy
from talent.youth.views.letters import picture_of, with_pictures


@access(YOUNG)
def my_letters(request):
    """One's own, the newest first."""
    copies = LetterCopy.objects.of(request.user).select_related("campaign", "youth__user")
    return render(request, "talent/my_letters.html", {"copies": copies[:30]})


def _own_or_404(request, pk):
    mine = LetterCopy.objects.of(request.user).select_related("campaign", "youth__user")
    return get_object_or_404(mine, pk=pk)


@access(YOUNG, takes=FORM)
def my_letter(request, pk):
    copy = _own_or_404(request, pk)

    def address(part, name):
        return reverse("talent:my_letter_picture", args=[pk, part.pk, name])

    return _letter(request, copy, address)


@access(YOUNG)
def my_picture(request, pk, part, which):
    return _picture(request, _own_or_404(request, pk), part, which)


@access(PUBLIC, takes=FORM)
@never_cache
def opened(request, token):
    """From the address in a message, once its four digits were right: see notifications/matters.py."""
    message = opened_here(request, token)
    if message is None:
        return redirect("notifications:matter", token)

    def address(part, name):
        return reverse("talent:letter_opened_picture", args=[token, part.pk, name])

    with actions.opened_by(message) as copy:
        if copy is None:
            raise Http404
        return _letter(request, copy, address)


@access(PUBLIC)
def opened_picture(request, token, part, which):
    message = opened_here(request, token)
    if message is None:
        raise Http404
    with actions.opened_by(message) as copy:
        return _picture(request, copy, part, which)


def _letter(request, copy, address):
    """The page; what is tapped on it is the answer."""
    letter = actions.letter_of(copy)
    if letter is None:
        raise Http404
    said = request.POST.get("answer")
    if request.method == "POST" and said in LetterAnswer.values:
        actions.answer_letter(copy, user=copy.youth.user, said=said)
        if said == LetterAnswer.ASK:
            return redirect("talent:my_questions")
        messages.success(request, "家乡收到您的回信了。")
    if request.method == "POST":
        return redirect(request.path)
    if not letter.is_held:
        actions.read(copy)
    context = {
        "copy": copy,
        "letter": letter,
        "unit": letter.unit,
        "name": copy.youth.name,
        "parts": [with_pictures(p, lambda name, p=p: address(p, name)) for p in letter.parts],
        "answers": LetterAnswer.choices,
        "large": "large" in request.GET,
    }
    return render(request, "talent/my_letter.html", context)


def _picture(request, copy, part, which):
    """Of a part that stands in their own letter."""
    letter = actions.letter_of(copy) if copy else None
    found = next((p for p in letter.parts if p.pk == part), None) if letter else None
    if found is None:
        raise Http404
    return picture_of(request, found, which)
