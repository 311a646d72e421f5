"""Columns that are sealed at rest: words in a table, papers on the disk. Code sees them open."""

import base64
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import models
from django.db.models.fields.files import FieldFile

from qingchun.sealing import Box

SEALED = ".sealed"


def seal_text(text, what):
    """Nothing stays nothing: that somebody left a field empty is no secret."""
    return base64.b64encode(Box(what).seal(text.encode())).decode() if text else ""


def open_text(sealed, what):
    return Box(what).open(base64.b64decode(sealed)).decode() if sealed else ""


class Sealed:
    """What fields of both kinds share. ``what`` names the kind of secret, as for ``seal``."""

    def __init__(self, *args, what="", **kwargs):
        self.what = what
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"what": self.what}


class SealedTextField(Sealed, models.TextField):
    """Words of a person. The same words are sealed otherwise each time, so no lookup finds them."""

    def get_prep_value(self, value):
        return seal_text(super().get_prep_value(value) or "", self.what)

    def from_db_value(self, value, expression, connection):
        return open_text(value, self.what)

    def get_lookup(self, lookup_name):
        return None


class SealedFile(FieldFile):
    def save(self, name, content, save=True):
        content.seek(0)  # several rows may keep the same paper, each in a file of its own
        sealed = ContentFile(Box(self.field.what).seal(content.read()))
        super().save(str(PurePath(name).with_suffix(SEALED)), sealed, save)

    save.alters_data = True

    def opened(self):
        """The bytes as they came. One from before papers were sealed lies as it was."""
        with self.storage.open(self.name) as kept:
            data = kept.read()
        return Box(self.field.what).open(data) if self.name.endswith(SEALED) else data


class SealedFileField(Sealed, models.FileField):
    """A paper that somebody signed or lent: whatever is saved is sealed, whoever saves it."""

    attr_class = SealedFile
