"""Clips: the film behind a picture of an activity, and what came of it."""

from django.db import models

from campaigns.models.log import Photo, path_of
from campaigns.querysets import ClipQuerySet
from qingchun.ground.sealed_fields import SealedFileField
from qingchun.organizations.changes import UNIT_CLOSED, Stay
from qingchun.organizations.law import Doing, Law, Unit
from qingchun.organizations.models import OrganizationOwned


class Clip(OrganizationOwned):
    """影像: a short film of an activity. Its first frame is a picture among the others, and whatever
    holds for a picture holds for it: whose it is, why it was refused, when it goes.

    It comes in parts, which go on where they stopped; then a worker copies what plays of it.
    """

    photo = models.OneToOneField(Photo, models.CASCADE, primary_key=True)
    size = models.PositiveIntegerField("字节数")  # as its device says
    here = models.PositiveIntegerField("已传的字节数", default=0)
    came_at = models.DateTimeField("传完时间", null=True)
    film = models.FileField(upload_to=path_of, blank=True)
    seconds = models.PositiveIntegerField("秒数", default=0)
    kept = models.PositiveIntegerField("占用的字节数", default=0)

    objects = ClipQuerySet.as_manager()

    law = Law(Unit(), on={UNIT_CLOSED: Stay("with its entry")})

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "影像"

    @property
    def share(self):
        """So many of a hundred have come."""
        return 100 * self.here // self.size


class ClipPart(OrganizationOwned):
    """Some bytes of a clip as they came: they tell where it was taken, and lie sealed till it is made."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="parts")
    start = models.PositiveIntegerField("从第几个字节起")
    # In a folder of its own: what the version before finds in raw/ and knows no picture of, it drops.
    raw = SealedFileField(upload_to="raw/clips/", what="clip")

    law = Law(Unit(), Doing("seal anew"), on={UNIT_CLOSED: Stay("with its entry")})

    class Meta:
        ordering = ["start"]
        verbose_name = verbose_name_plural = "影像的一部分"
