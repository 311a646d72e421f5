import uuid

from django.db import models
from django.utils.timezone import now

from qingchun.organizations.law import Open


class Installation(models.Model):
    """What the database knows of the portal that belongs to it; there is one row.

    With ``probe`` and ``index_probe`` a start sees whether it was given the keys that open the
    data, with ``media_token`` whether it was given the folder of the files.
    """

    # The same words for ever: sealed, and their blind index.
    probe = models.TextField(blank=True, db_default="", editable=False)
    index_probe = models.BigIntegerField(null=True, editable=False)
    # Stands in a file of this name beside the files.
    media_token = models.UUIDField(default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField(default=now, editable=False)
    # The version (ground/fingerprint.py) that has made of the units what it makes of them.
    units_by = models.CharField(max_length=16, blank=True, db_default="", editable=False)

    law = Open("门户自己的标记：没有人的资料")

    class Meta:
        verbose_name = verbose_name_plural = "门户"

    def __str__(self):
        return str(self.media_token)


class Trouble(models.Model):
    """Something that is wrong with the portal and was told of: the row goes when it is well again."""

    name = models.CharField(max_length=40, primary_key=True)
    since = models.DateTimeField(default=now)

    law = Open("门户自己的故障：没有人的资料")

    class Meta:
        verbose_name = verbose_name_plural = "故障"

    def __str__(self):
        return self.name
