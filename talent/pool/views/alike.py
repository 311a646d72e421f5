"""Records that look alike: put together, taken apart, told apart."""

from django.contrib import messages
from django.shortcuts import redirect, render

from qingchun.accounts.audit import opened
from qingchun.organizations.access import FORM, access
from qingchun.tapping import one_of, tapping
from talent.pool.actions import deduplication
from talent.pool.models import Likeness, TalentRecord
from talent.pool.views.records import CADRES, WHOLE, record_or_404


@access(**CADRES)
def pool_alike(request):
    merged = Likeness.objects.visible_to(request.user).filter(verdict="same")
    context = {
        "pairs": deduplication.pairs_in(request.user),
        "merged": merged.select_related("kept")[:20],
    }
    return render(request, "talent/pool/alike.html", context)


@access(**CADRES, reads=WHOLE, takes=FORM)
def pool_compare(request, pk, other):
    """Two records side by side: put together fact by fact, or told apart."""
    one, two = record_or_404(request, pk), record_or_404(request, other)
    opened(request, one, "查看人才", other=two.pk)
    if request.method == "POST":
        if "apart" in request.POST:
            deduplication.tell_apart(one, two, actor=request.user)
            messages.success(request, "已记下：不是同一个人，以后不再提示。")
        else:
            take = set(request.POST.getlist("take")) & set(TalentRecord.FACTS)
            deduplication.merge(one, two, actor=request.user, take=take)
            messages.success(request, "已合并成一条，合错了可以在下面“已合并”里分开。")
        return redirect("talent:pool_alike")
    context = {"one": one, "two": two, "facts": _side_by_side(one, two)}
    return render(request, "talent/pool/compare.html", context)


def _side_by_side(one, two):
    for name in TalentRecord.FACTS:
        ours, theirs = ({"name": r.name} | dict(r.said()) for r in (one, two))
        a, b = ours.get(name, ""), theirs.get(name, "")
        if a or b:
            label = one._meta.get_field(name).verbose_name
            yield {
                "key": name,
                "label": label,
                "one": a,
                "two": b,
                "differs": bool(a and b and a != b),
            }


pool_part = tapping(
    deduplication.part,
    one_of(Likeness.objects.visible_to, "kept", "double"),
    said="已分开，两条都恢复成合并以前的样子。", back="talent:pool_alike", **CADRES,
)  # fmt: skip
