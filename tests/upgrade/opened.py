"""Opens every sealed value of a database and says how many there are and one digest of them all.

Run by the version before, when the dump was made, and by this one after the upgrade (README.md).
As the owner of the server, before whom no wall stands.
"""

import hashlib
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingchun.settings")
django.setup()

from django.apps import apps  # noqa: E402

from qingchun.ground.sealed_fields import SealedNumberField, SealedTextField  # noqa: E402

SINCE = {
    "talent_consent.guardian", "talent_stagedrow.typed", "talent_talentrecord.typed",
    "talent_sheet.head", "talent_columnhabit.words",
}  # fmt: skip  # columns that the version before did not have
count, digest = 0, hashlib.sha256()
for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
    for field in model._meta.concrete_fields:
        where = f"{model._meta.db_table}.{field.name}"
        if where in SINCE or not isinstance(field, SealedTextField | SealedNumberField):
            continue
        rows = model._base_manager.order_by("pk").values_list("pk", flat=True)
        for pk in rows:
            value = getattr(model._base_manager.get(pk=pk), field.name)
            count += bool(value)
            digest.update(f"{where} {pk} {value}\n".encode())
print(count, digest.hexdigest())
