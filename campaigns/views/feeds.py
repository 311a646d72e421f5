"""Deadlines in one's own calendar: a private address that a calendar program reads."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render

from campaigns.actions import feeds
from campaigns.exports import deadlines_ics
from qingchun.ground.calendars import calendar_feed
from qingchun.ground.links import link_to
from qingchun.organizations.access import POST, PUBLIC, access
from qingchun.tapping import done


@access(takes=POST)
def make_calendar_key(request):
    """A new address for one's post; the one before ends. Shown once, since it opens without
    signing in."""
    key = feeds.make_key(request.user.acting)
    messages.success(request, "日历网址已生成，只显示这一次。以前的网址不再能用。")
    url = link_to(f"/calendar/{key}.ics")
    return render(request, "campaigns/calendar_key.html", {"url": url})


@access(takes=POST)
def drop_calendar_key(request):
    feeds.drop_key(request.user.acting)
    return done(request, "日历网址已停用。", "notifications:choices")


@access(PUBLIC)
def calendar(request, key):
    membership = feeds.membership_of(key)
    if membership is None:
        raise Http404
    return calendar_feed(deadlines_ics(feeds.owed_by(membership)))
