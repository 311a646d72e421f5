"""Questions and opinions, as those who answer them see them."""

from django.shortcuts import get_object_or_404, redirect, render

from campaigns.permissions import WRITERS
from qingchun.accounts.audit import history_of
from qingchun.ground.paging import page_of
from qingchun.organizations.access import access
from qingchun.stepping import Stepping
from qingchun.tapping import one_of, tapping
from talent.youth.actions import publishing
from talent.youth.actions import questions as actions
from talent.youth.choices import Asked
from talent.youth.forms.desk import AskBackForm, PassOnForm, PublishForm, WordsForm
from talent.youth.lists import questions
from talent.youth.models import PublishedAnswer, Question
from talent.youth.permissions import can_answer, is_near_home

VIEWS = (("", "待答复"), ("late", "已超时"), ("all", "全部"))


def _question_or_404(request, pk):
    found = Question.objects.answered_by(request.user)
    if not is_near_home(request.user):
        # An opinion goes up compiled, never by itself.
        found = found.exclude(kind=Asked.OPINION)
    return get_object_or_404(found.select_related("organization", "campaign", "youth"), pk=pk)


STEPPING = Stepping(
    actions.QUESTIONS,
    _question_or_404,
    who={"roles": WRITERS},
    route="talent:inquiry_step",
    forms={
        "answer": WordsForm,
        "ask-back": AskBackForm,
        "pass-on": PassOnForm,
        "publish": PublishForm,
    },
    back=lambda question: redirect("talent:inquiries"),
)
inquiry_step = STEPPING.page


@access()
def inquiries(request):
    context = {
        "page": page_of(questions(request.user, request.GET), request.GET.get("page")),
        "views": VIEWS,
        "chosen": request.GET.get("show", ""),
        "is_near": is_near_home(request.user),
    }
    return render(request, "talent/inquiries.html", context)


@access()
def inquiry(request, pk):
    question = _question_or_404(request, pk)
    steps = STEPPING.offers(request.user, question)
    context = {
        "question": question,
        "replies": question.replies.all(),
        "can_answer": can_answer(request.user, question),
        "steps": [offer for offer in steps if offer.key != "publish"],
        "to_publish": next((offer for offer in steps if offer.key == "publish"), None),
        "published": PublishedAnswer.objects.filter(question=question).first(),
        "history": history_of(question),
    }
    return render(request, "talent/inquiry.html", context)


unpublish = tapping(
    publishing.unpublish, one_of(PublishedAnswer.objects.visible_to), said="已从家乡页撤下。",
    back="talent:hometown_edit", roles=WRITERS,
)  # fmt: skip


@access()
def opinions(request):
    """What people suggest, compiled: no names, and only once five have spoken."""
    context = {
        "opinions": publishing.opinions_of(request.user.scope),
        "fewest": publishing.FEWEST_TOGETHER,
    }
    return render(request, "talent/opinions.html", context)
