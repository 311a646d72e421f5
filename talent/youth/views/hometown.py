"""A unit looks after its public page; the province after what people agree to."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from campaigns.permissions import WRITERS
from qingchun.ground.links import link_to, printed
from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, access
from qingchun.organizations.choices import Level, Role
from qingchun.tapping import done, one_of, tapping
from talent.youth.actions import consents
from talent.youth.actions import hometown as actions
from talent.youth.choices import ConsentPurpose
from talent.youth.forms.desk import HometownForm, PostingForm, TextForm
from talent.youth.models import Hometown, Posting, PublishedAnswer
from talent.youth.permissions import NEAR

PAGE_KEEPERS = {"levels": NEAR, "roles": WRITERS}


@access(levels=(*NEAR, Level.CITY, Level.PROVINCE), roles=WRITERS, takes=FORM)
def hometown_edit(request):
    """What a unit says on its page; a city and the province have none, and say whom to ring where a
    county of theirs has not."""
    code, has_page = request.user.scope, request.user.acting.organization.level in NEAR
    form = HometownForm(
        request.POST or None, instance=Hometown.objects.filter(organization_id=code).first()
    )
    for name in () if has_page else set(form.fields) - {"phone", "seen"}:
        del form.fields[name]
    if request.method == "POST" and form.is_valid():
        actions.describe(actor=request.user, **form.cleaned_data)
        return done(request, "家乡页已保存。", "talent:hometown_edit")
    context = {
        "form": form,
        "has_page": has_page,
        "unit": request.user.acting.organization,
        "link": printed(link_to(reverse("talent:hometown", args=[code]))) if has_page else "",
        "posting_form": PostingForm(),
        "postings": Posting.objects.filter(organization_id=code),
        "answers": PublishedAnswer.objects.filter(organization_id=code),
    }
    return render(request, "talent/hometown_edit.html", context)


post = tapping(
    actions.post, form=PostingForm, wrong="：", said="已发到家乡页。", back="talent:hometown_edit",
    **PAGE_KEEPERS,
)  # fmt: skip
take_down = tapping(
    actions.take_down, one_of(Posting.objects.visible_to), said="已撤下。",
    back="talent:hometown_edit", **PAGE_KEEPERS,
)  # fmt: skip


@access(levels=(Level.PROVINCE,), roles=(Role.ADMIN,))
def consent_texts(request):
    return render(request, "talent/consent_texts.html", {"texts": consents.current_texts()})


@access(levels=(Level.PROVINCE,), roles=(Role.ADMIN,), takes=FORM)
def publish_text(request, purpose):
    """The next version; nobody's standing consent is stretched to it."""
    text = consents.current_texts().get(purpose)
    if text is None:
        raise Http404
    form = TextForm(request.POST or None, initial={"text": text.text})
    if request.method == "POST" and form.is_valid():
        with said_on(form, "text"):
            consents.publish_text(purpose, actor=request.user, text=form.cleaned_data["text"])
            return done(request, "新版本已发布，以后报到的人按新版本同意。", "talent:consent_texts")
    context = {"form": form, "text": text, "label": ConsentPurpose(purpose).label}
    return render(request, "talent/consent_text.html", context)
