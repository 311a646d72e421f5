"""我的文件: what somebody had made, waited for before a bar, fetched until it is old."""

from django.shortcuts import render

from qingchun.accounts.audit import opened
from qingchun.ground.kept import serve, serve_opened
from qingchun.jobs import actions
from qingchun.jobs.kinds import KINDS
from qingchun.jobs.models import Job
from qingchun.organizations.access import access
from qingchun.tapping import one_of

SHOWN = 20
_file_or_404 = one_of(Job.objects.files_of)


@access()
def files(request):
    found = list(Job.objects.files_of(request.user)[:SHOWN])
    for one in found:
        one.progress = 0 if one.is_finished else actions.progress_of(one)
    is_waiting = not all(one.is_finished for one in found)
    return render(request, "jobs/files.html", {"files": found, "is_waiting": is_waiting})


@access(reads=("生成的文件",))
def file(request, pk):
    found = _file_or_404(request, pk)
    opened(request, found, KINDS[found.kind].fetched)
    opened_file = actions.fetch(found)
    if isinstance(opened_file, bytes):
        return serve_opened(opened_file, name=found.name)
    return serve(opened_file, name=found.name)
