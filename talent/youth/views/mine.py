"""我的: what a young person sees, corrects, takes along, takes back, asks."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from qingchun.ground.kept import JPEG, serve
from qingchun.ground.portal import answers
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import NothingYet, said_on
from qingchun.ground.spreadsheets import xlsx_response
from qingchun.organizations.access import FORM, POST, YOUNG, access
from qingchun.organizations.walls import set_rls_context
from qingchun.stepping import Stepping
from qingchun.tapping import done
from talent.youth.actions import consents, groups, leaving, people, questions
from talent.youth.choices import ADULTS_ONLY, IN_PLACE, OPTIONAL, ConsentPurpose, Want
from talent.youth.exports import as_rows, everything_about, everything_about_one_without_a_phone
from talent.youth.forms.consent import ConsentForm
from talent.youth.forms.desk import WordsForm
from talent.youth.forms.mine import AskForm, CorrectForm, OutcomeForm, SureForm
from talent.youth.models import CheckIn, ConsentText, LiaisonGroup, Question
from talent.youth.views.public import own_youth

DRAFT = "question_draft"


def youth_or_404(request):
    youth = own_youth(request)
    if youth is None:
        if request.method == "GET":
            request.session["on_the_way_to"] = request.path
        words = "您还没有报到。找到家乡，用一分钟报到，再接着看这一页。"
        raise NothingYet(words, onward=(reverse("talent:find"), "去报到"))
    return youth


@access(YOUNG)
def mine(request):
    youth = own_youth(request)
    if youth is None and request.user.represented_by_id:
        return render(request, "talent/mine_acted_for.html")
    youth = youth or youth_or_404(request)
    stands, texts = consents.standing(youth), consents.current_texts()
    checkins = list(prepared(CheckIn.objects).filter(youth=youth).select_related("campaign"))
    offered = [p for p in OPTIONAL if youth.is_adult or p not in ADULTS_ONLY]
    offered += [p for p in IN_PLACE if p in stands]
    context = {
        "youth": youth,
        "checkins": checkins,
        "wants_work": bool(checkins) and Want.JOB in checkins[0].wants,
        "consents": [(p, ConsentPurpose(p).label, stands.get(p), texts[p]) for p in offered],
        "basic": stands.get(ConsentPurpose.BASIC),
        "kept_until": leaving.kept_until(youth),
        "contacts": prepared(youth.contacts)[:5],
        "groups": prepared(youth.groups).select_related("group__organization"),
    }
    return render(request, "talent/mine.html", context)


@access(YOUNG, takes=FORM)
def correct(request):
    youth = youth_or_404(request)
    form = CorrectForm(request.POST or None, record=youth)
    if request.method == "POST" and form.is_valid():
        people.correct(youth, **form.cleaned_data)
        return done(request, "已改好。", "talent:mine")
    return render(request, "talent/correct.html", {"form": form, "youth": youth})


@access(YOUNG)
def take_along(request, form):
    """Everything that is kept of the person, as JSON or as a spreadsheet."""
    youth = own_youth(request)
    if youth is None and request.user.represented_by_id:
        everything = everything_about_one_without_a_phone(request.user)
    else:
        everything = everything_about(youth or youth_or_404(request))
    if form == "xlsx":
        return xlsx_response("我的资料", ("部分", "项目", "内容"), as_rows(everything))
    return HttpResponse(
        json.dumps(everything, ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, "我的资料.json")},
    )


@access(YOUNG, takes=FORM)
def change_consent(request, purpose):
    """One of the voluntary consents: read and given here, or taken back by the button of 我的."""
    youth = youth_or_404(request)
    if purpose not in ConsentPurpose.values:
        raise Http404
    if request.method == "POST" and "give" not in request.POST:
        consents.withdraw(youth, purpose)
        return done(request, "已撤回，依它保存的内容也去掉了。", "talent:mine")
    stands, newest = consents.standing(youth).get(purpose), consents.current_texts()[purpose]
    is_offered = purpose in OPTIONAL and (youth.is_adult or purpose not in ADULTS_ONLY)
    if not (stands or is_offered):
        raise Http404
    context = {"label": newest.get_purpose_display(), "stands": stands}
    if stands:  # as it was agreed to, whatever is asked today
        context["given"] = ConsentText.objects.get(purpose=purpose, version=stands.version)
    if is_offered and not (stands and stands.version == newest.version):
        label = f"我已看过，同意{context['label']}"
        context["form"] = form = ConsentForm(
            request.POST or None, purpose=purpose, label=label, is_adult=youth.is_adult
        )
        if request.method == "POST" and form.is_valid():
            with said_on(form):
                consents.give(youth, {purpose}, guardian=form.guardian())
                return done(request, "已同意，随时可以撤回。", "talent:mine")
    return render(request, "talent/consent.html", context)


@access(YOUNG, takes=FORM)
def delete_account(request):
    """Forget the person, after they have said so twice."""
    youth = own_youth(request)
    if youth is None and not request.user.represented_by_id:
        youth = youth_or_404(request)
    form = SureForm(request.POST if request.method == "POST" else None, words="我确定要删除")
    if form.is_valid():
        leaving.forget(youth) if youth else leaving.forget_person(request.user)
        if not request.user.posts:
            logout(request)
            set_rls_context(person="")
        return done(request, "您的资料和账号已经删除。以后回家，欢迎再来报到。", "/")
    ends = [said for under_way in answers("ends_with") for said in under_way(request.user)]
    context = {"youth": youth, "form": form, "ends": ends}
    return render(request, "talent/delete.html", context)


@access(YOUNG, takes=POST)
def join_group(request, pk):
    youth = youth_or_404(request)
    group = get_object_or_404(LiaisonGroup.objects.for_person(youth), pk=pk)
    groups.join(group, youth, user=request.user)
    return done(request, f"已记下您加入了“{group.name}”。", "talent:check_in_done")


@access(YOUNG)
def group_picture(request, pk):
    """The chat's picture: for those it is meant for, and for the unit's cadres."""
    youth = own_youth(request)
    found = LiaisonGroup.objects.visible_to(request.user)
    group = found.filter(pk=pk).first()
    if group is None and youth:
        group = LiaisonGroup.objects.for_person(youth).filter(pk=pk).first()
    if group is None or not group.picture:
        raise Http404
    return serve(group.picture, JPEG)


# Questions


@access(YOUNG, takes=FORM)
def my_questions(request):
    """One's own questions, and a new one; what is put off is kept until it is taken up again."""
    youth = youth_or_404(request)
    draft = request.session.get(DRAFT, {})
    form = AskForm(request.POST or None, initial=draft)
    if request.method == "POST" and "later" in request.POST:
        request.session[DRAFT] = {k: request.POST.get(k, "")[:1000] for k in ("kind", "text")}
        return done(request, "写的内容已经存好，下次打开这一页接着写。", "talent:mine")
    if request.method == "POST" and form.is_valid():
        with said_on(form, "text"):
            question = questions.ask(youth, **form.cleaned_data)
            request.session.pop(DRAFT, None)
            messages.success(request, f"已送到家乡团组织，{question.due_on:%-m月%-d日}前答复您。")
            return redirect("talent:my_question", question.pk)
    mine = Question.objects.filter(youth=youth, asker=request.user)
    context = {"form": form, "questions": mine[:30], "draft": draft, "youth": youth}
    return render(request, "talent/my_questions.html", context)


def _my_question_or_404(request, pk):
    mine = Question.objects.filter(asker=request.user).select_related("organization")
    return get_object_or_404(mine, pk=pk)


OWN_STEPS = Stepping(
    questions.QUESTIONS,
    _my_question_or_404,
    who={"declared": YOUNG},
    route="talent:my_question_step",
    forms={"say-more": WordsForm, "say-again": WordsForm, "say-outcome": OutcomeForm},
    back=lambda question: redirect("talent:my_question", question.pk),
    api=False,
)
my_question_step = OWN_STEPS.page


@access(YOUNG)
def my_question(request, pk):
    question = _my_question_or_404(request, pk)
    context = {
        "question": question,
        "replies": question.replies.all(),
        "steps": OWN_STEPS.offers(request.user, question),
    }
    return render(request, "talent/my_question.html", context)
