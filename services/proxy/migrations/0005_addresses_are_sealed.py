from django.db import migrations

from qingchun.ground.sealed_fields import SealedFileField, SealedTextField, open_text, seal_text

WORDS = "proxy words"
AT_ONCE = 2000
NEXT = """
SELECT id, place, wish FROM proxy_servicerequest
WHERE id > %s AND (place <> '' OR wish <> '') ORDER BY id LIMIT %s
"""


def _rewrite(editor, kept_as):
    """Each address and word, by the table's own text: the model would open what is not sealed."""
    with editor.connection.cursor() as cursor:
        rows, last = True, 0
        while rows:
            cursor.execute(NEXT, [last, AT_ONCE])
            rows = cursor.fetchall()
            cursor.executemany(
                "UPDATE proxy_servicerequest SET place = %s, wish = %s WHERE id = %s",
                [(kept_as(place, WORDS), kept_as(wish, WORDS), pk) for pk, place, wish in rows],
            )
            last = rows[-1][0] if rows else last


def seal_all(apps, schema_editor):
    _rewrite(schema_editor, seal_text)


def open_all(apps, schema_editor):
    _rewrite(schema_editor, open_text)


def sealed_file(model, name, title, **facts):
    field = SealedFileField(title, upload_to="proxy/%Y/%m/", what="proxy paper", **facts)
    return migrations.AlterField(model, name, field)


def sealed_words(name, title, length):
    field = SealedTextField(title, max_length=length, blank=True, what=WORDS)
    return migrations.AlterField("servicerequest", name, field)


class Migration(migrations.Migration):
    dependencies = [("proxy", "0004_landline")]
    operations = [
        sealed_file("paperimage", "file", "照片"),
        sealed_file("servicerequest", "consent_paper", "签字的委托书", blank=True),
        sealed_words("place", "上门地址", 80),
        sealed_words("wish", "说明", 200),
        migrations.RunPython(seal_all, open_all),
    ]
