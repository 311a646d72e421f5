"""查找: over everything that a post may see."""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse

from qingchun.accounts import searching
from qingchun.ground.sought import Sought
from qingchun.organizations.access import FORM, access
from qingchun.organizations.codes import is_near

NEAR = "姓名、手机号、代办编号、活动、单位、页面"
ABOVE = "活动、单位、政策、经验、页面"
TOO_OLD = "这次查找已经过期，请重新写一次。"


@access(takes=FORM)
def search(request):
    """What is typed is posted, and the answer has an address of its own, in which it stands sealed:
    one can go back to it."""
    if request.method == "POST":
        sought = Sought(request.POST.get("q", ""))
        if sought.wrong or not sought.words:
            return _shown(request, sought, wrong=sought.wrong)
        token = searching.sealed(request.user, sought)
        return redirect(f"{reverse('accounts:search')}?{urlencode({'w': token})}")
    token = request.GET.get("w", "")
    sought = searching.unsealed(request.user, token) if token else Sought("")
    if sought is None:
        return _shown(request, Sought(""), wrong=TOO_OLD)
    if not sought.words:
        return _shown(request, sought, begins=list(searching.begun_by(request.user)))
    if kind := request.GET.get("kind"):
        found = searching.of_one_kind(request.user, sought, kind, request.GET.get("page"))
        if found:
            return _shown(
                request, sought, token=token, name=found[0], page=found[1], often=found[2]
            )
    groups = searching.everywhere(request.user, sought)
    return _shown(request, sought, token=token, groups=groups)


def _shown(request, sought, **found):
    near = is_near(request.user.scope)
    context = {"words": sought.typed, "hint": NEAR if near else ABOVE, "is_near": near}
    return render(request, "accounts/search.html", context | found)
