"""The person's own side of the pool: asked by an address, claimed by a number, refused by a tap."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from qingchun.accounts.audit import opened, shows_nobody
from qingchun.organizations.access import FORM, PUBLIC, YOUNG, access
from qingchun.tapping import done
from talent.pool import numbers
from talent.pool.actions import enrolment, leaving
from talent.pool.forms import OwnFactsForm
from talent.youth.actions.consents import current_texts
from talent.youth.choices import ConsentPurpose
from talent.youth.forms.mine import SureForm

NO = "我不同意，请删除"


@access(PUBLIC, takes=FORM)
@never_cache
def join(request, token):
    """What the message's address opens: who asks, what for, yes or no. No name is shown."""
    record = enrolment.record_by(token)
    if record is None:
        return render(request, "talent/pool/join_over.html", status=404)
    form = SureForm(request.POST if request.method == "POST" else None, words=NO)
    if form.is_valid():
        leaving.refuse(record)
        return render(request, "talent/pool/refused.html")
    text = current_texts()[ConsentPurpose.POOL]
    context = {"record": record, "text": text, "hide_sign_in": True, "form": form}
    return render(request, "talent/pool/join.html", context)


@access(YOUNG, reads=("姓名", "电话", "经历"), takes=FORM)
def my_pool(request):
    """What home's pool holds of whoever signed in with this number: put right, agreed, refused."""
    if request.method == "POST" and "registered_name" in request.POST:
        enrolment.open_by_name(request.user, request.POST["registered_name"])
        return done(request, "核对上了，这是家乡团组织登记的内容。", "talent:my_pool")
    records, shut = enrolment.records_of(request.user)
    chosen = request.POST.get("record") or request.GET.get("record")
    record = next((r for r in records if str(r.pk) == chosen), records[0] if records else None)
    if request.method == "POST" and record is None:
        raise Http404
    if record:
        opened(request, record, "本人查看人才", is_own=True)
    else:
        shows_nobody(request)
    says_no = request.method == "POST" and "refuse" in request.POST
    sure_form = SureForm(request.POST if says_no else None, words=NO)
    if sure_form.is_valid():
        leaving.refuse(record)
        return done(request, "已从人才库删除，以后不再联系您。", "talent:mine")
    home = record.organization_id if record else ""
    form = enrolment.on_own_record(
        lambda: OwnFactsForm(None if says_no else request.POST or None, record=record, home=home)
    )
    if request.method == "POST" and form.is_valid():
        enrolment.accept(record, user=request.user, **form.cleaned_data)
        return done(request, "已保存，谢谢您核对。随时可以在这里更正或退出。", "talent:my_pool")
    context = {
        "form": form,
        "sure_form": sure_form,
        "record": record,
        "records": records,
        "shut": shut,
        "phone": numbers.open_phone(record.phone_sealed) if record else "",
        "text": current_texts()[ConsentPurpose.POOL],
    }
    return render(request, "talent/pool/mine.html", context)
