import datetime as dt

from django.db import models


class Standing(models.TextChoices):
    """Of a vacancy; it follows from its last day, and from whether it was taken down."""

    OPEN = "open", "在招"
    ENDED = "ended", "已到期"
    DOWN = "down", "已下架"


class Why(models.TextChoices):
    """Why a vacancy was taken down. What was wrong is shown to nobody and not counted."""

    FILLED = "filled", "招满了"
    WRONG = "wrong", "写错了，或者不属实"


class InterestState(models.TextChoices):
    ASKED = "asked", "等联系"
    ANSWERED = "replied", "已答复"


class What(models.TextChoices):
    """What the public list shows."""

    WORK = "work", "招聘岗位"
    INTERNSHIP = "internship", "寒假实践岗位"


MOST_PAY = 200_000  # yuan a month
MOST_PEOPLE = 1000
MOST_DAYS = 180  # of one vacancy, until somebody looks at it again
ENDS_SOON = 3  # days before, the desk hears of it
# How long names and numbers are kept once a vacancy is over; the consent says so too.
KEPT_AFTER = dt.timedelta(days=90)
# A vacancy so new may stand beside an older one that is still being written.
SETTLES = dt.timedelta(minutes=1)
# As far back as somebody who is to be told of vacancies hears of them.
NEWS = dt.timedelta(days=14)
