from django.db import migrations

from qingchun.ground.letters import SIGNS
from qingchun.ground.pairs import pairs_in
from qingchun.operations.folding import fold

# By which words they are found is written anew by ``prepare``, which every upgrade ends with.
UNSAID = """
UPDATE {words} SET is_said = false WHERE {key} IN (SELECT id FROM {table} t WHERE t::text ~ %s)
"""
WORDS = (
    ("talent_poolwords", "record_id", "talent_talentrecord"),
    ("campaigns_activitywords", "activity_id", "campaigns_activity"),
)
KEPT = {
    "Practice": ("title", "place", "situation", "did", "took", "outcome", "copying"),
    "Exemplar": ("title", "place", "name", "story"),
    "Policy": ("title", "who", "amount", "how"),
}


def as_meant(apps, editor):
    with editor.connection.cursor() as cursor:
        for words, key, table in WORDS:
            cursor.execute(UNSAID.format(words=words, key=key, table=table), [SIGNS.pattern])
    for found in fold():
        left = f"，同名的 {found.left} 条没有改" if found.left else ""
        print(f"  {found.label}：照原意读了 {found.done} 条{left}")
    for name, searched in KEPT.items():
        model = apps.get_model("reports", name)
        for record in model.objects.only("pairs", *searched).iterator():
            texts = [getattr(record, field) for field in searched]
            pairs = pairs_in([text for text in texts if text], "library")
            if pairs != record.pairs:
                model.objects.filter(pk=record.pk).update(pairs=pairs)


class Migration(migrations.Migration):
    """What was stored before a radical's sign was read as its character: qingchun/ground/letters.py."""

    atomic = False  # stopped halfway, it goes on where it was
    dependencies = [
        ("reports", "0023_longer_names"),
        ("accounts", "0016_longer_names"),
        ("campaigns", "0024_longer_names"),
        ("events", "0015_longer_names"),
        ("jobs", "0001_initial"),
        ("notifications", "0006_longer_names"),
        ("operations", "0003_units_by"),
        ("organizations", "0004_names"),
        ("proxy", "0011_longer_names"),
        ("talent", "0018_longer_names"),
    ]
    operations = [migrations.RunPython(as_meant, migrations.RunPython.noop)]
