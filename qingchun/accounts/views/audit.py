"""安全审计: the log of a unit and those below it, for whoever reads logs and nothing else."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate, localtime
from django.views.decorators.cache import never_cache

from qingchun.accounts import auditing, exports
from qingchun.accounts.audit import opened
from qingchun.accounts.forms import AuditFilter
from qingchun.ground.paging import page_of
from qingchun.ground.refusals import Refused
from qingchun.ground.spreadsheets import XLSX
from qingchun.organizations.access import access
from qingchun.organizations.choices import Role
from qingchun.organizations.finding import UnitFinder

AUDITORS = (Role.AUDITOR,)
SIZE = 50


def _asked(request):
    form = AuditFilter(request.GET, finder=UnitFinder(request.user.scope))
    return form, form.cleaned_data if form.is_valid() else None


@access(roles=AUDITORS)
@never_cache
def desk(request):
    form, asked = _asked(request)
    sorting = auditing.sorting_of(request.GET)
    found = ()
    if asked is not None:
        found = sorting.of(auditing.narrowed(request.user.scope, asked))
    page = page_of(found, request.GET.get("page"), SIZE)
    is_filtered = any(form.data.values())
    alerts = () if is_filtered else auditing.alerts(request.user.scope)
    seal = auditing.newest_seal()
    context = {
        "form": form,
        "page": page,
        "sorting": sorting,
        "lines": auditing.lines_of(page.rows),
        "is_filtered": is_filtered,
        "alerts": alerts,
        "seal": seal,
        "nothing_waits": not (is_filtered or alerts or (seal and not seal[0])),
        "most": f"{exports.MOST_EVENTS:,}",
    }
    return render(request, "accounts/audit.html", context)


@access(roles=AUDITORS, reads=("操作记录",))
@never_cache
def export(request):
    """What the page shows, as a spreadsheet; that it was taken is a row of the log itself."""
    form, asked = _asked(request)
    if asked is None:
        raise Refused(next(iter(form.errors.values()))[0])
    user = request.user
    said = f"{user.acting.organization.short_name}操作记录，{user.name} {localtime():%Y-%m-%d %H:%M} 导出"
    found = auditing.sorting_of(request.GET).of(auditing.narrowed(user.scope, asked))
    body, rows = exports.audit_book(found, said)
    opened(request, user.acting, "导出操作记录", rows=rows)
    name = f"操作记录-{user.acting.organization.short_name}-{localdate():%Y%m%d}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(body, content_type=XLSX, headers=headers)
