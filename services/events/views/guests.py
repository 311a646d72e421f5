"""The guests of an event on paper and as a table: for the unit that holds it, from the day before."""

from django.shortcuts import render

from qingchun.accounts.audit import opened
from qingchun.ground.refusals import Refused
from qingchun.ground.spreadsheets import xlsx_response
from qingchun.organizations.access import access
from services.events.choices import SignState
from services.events.exports import guest_table
from services.events.views.desk import DESK, own_or_404
from services.events.views.people import signups_of

SPARE_LINES = 5  # for those who come without having signed up


def _named_or_refused(request, pk):
    """An event whose guests its unit may know by now."""
    event = own_or_404(request, pk)
    if not event.names_its_guests:
        raise Refused("活动前一天起才能看到姓名和号码，打印签到表、导出名单到时再办。")
    return event


@access(**DESK, reads=("姓名", "电话"))
def sign_in_sheet(request, pk):
    """On paper, for the door: who has a place, and where they sign."""
    event = _named_or_refused(request, pk)
    opened(request, event, "打印签到表")
    signups = (
        signups_of(event)
        .filter(state=SignState.IN)
        .order_by("group__starts_at", "group_id", "turn")
    )
    context = {
        "event": event,
        "signups": signups,
        "show_group": event.groups.count() > 1,
        "spare": range(SPARE_LINES),
    }
    return render(request, "events/sign_in_sheet.html", context)


@access(**DESK, reads=("姓名", "电话", "报名时填的内容"))
def export_people(request, pk):
    """Everybody who signed up, as a spreadsheet."""
    event = _named_or_refused(request, pk)
    signups = signups_of(event).order_by("turn")
    opened(request, event, "导出报名名单")
    header, rows = guest_table(event, signups)
    return xlsx_response(f"报名名单-{event.title}", header, rows)
