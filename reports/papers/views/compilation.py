"""The province's compilation on the screen."""

from django.shortcuts import render

from campaigns.views.choosing import chosen_campaign
from qingchun.organizations.access import access
from qingchun.organizations.choices import Level
from reports.papers import compiling
from reports.papers.actions import document_jobs


@access(levels=(Level.PROVINCE,))
def compilation(request):
    editions, campaign = chosen_campaign(request, "deadlines")
    found = compiling.compiled(campaign, request.user)
    rows = [
        (name, [(figure, _cells(figure, found.cities)) for figure in figures])
        for name, figures in found.rows
    ]
    context = {
        "editions": editions,
        "campaign": campaign,
        "found": found,
        "files": document_jobs.COMPILED,
        "rows": rows,
        "parts": list(found.parts()),
        "pictures": found.pictures(),
    }
    return render(request, "reports/compilation.html", context)


def _cells(figure, cities):
    """(value as shown or "", share in hundredths) of each city, in the order of the cities."""
    shares = compiling.shares(figure)
    return [
        (figure.shown_of(figure.units[c.unit.code]), round(shares[c.unit.code]))
        if c.unit.code in figure.units
        else ("", None)
        for c in cities
    ]
