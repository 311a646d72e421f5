"""我的文件: what somebody had made, waited for before a bar, fetched until it is old."""

from django.shortcuts import render
from django.urls import URLPattern, path

from qingchun.accounts.audit import opened
from qingchun.ground.kept import serve, serve_opened
from qingchun.ground.lists import Listing, asked_of, cells, listings
from qingchun.jobs import actions, lists
from qingchun.jobs.kinds import KINDS
from qingchun.jobs.models import Job
from qingchun.organizations.access import FORM, access
from qingchun.tapping import done, one_of

SHOWN = 20
MOST_PRINTED = 1000  # rows: some thirty sheets of paper
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


def list_pages() -> list[URLPattern]:
    """An address for each list: opened, all of it to be printed; sent, all of it as a file."""
    return [path(f"lists/{one.name}/", _whole(one), name=one.route) for one in listings().values()]


def _whole(listing: Listing):
    @access(**listing.who, takes=FORM)
    def whole(request):
        asked = asked_of(request.GET)
        if asked.get("campaign", "").isdecimal():  # what leads on stays with that edition
            request.carried = f"?campaign={asked['campaign']}"
        if request.method == "POST":
            lists.ask(listing, actor=request.user, asked=asked)
            return done(request, "正在生成，好了就能在这里下载，可以先去做别的。", "jobs:files")
        rows = list(listing.rows(request.user, asked)[: MOST_PRINTED + 1])
        context = {
            "listing": listing,
            "rows": [cells(row, listing.columns) for row in rows[:MOST_PRINTED]],
            "is_cut": len(rows) > MOST_PRINTED,
            "most": MOST_PRINTED,
        }
        return render(request, "lists/whole.html", context)

    return whole
