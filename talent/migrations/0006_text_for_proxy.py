from django.conf import settings
from django.db import migrations


def text_for_proxy(apps, schema_editor):
    from talent.texts import FIRST

    texts = apps.get_model("talent", "ConsentText").objects
    text = FIRST["proxy"].format(papers=settings.PAPERS_KEPT_DAYS)
    texts.get_or_create(purpose="proxy", version=1, defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [("talent", "0005_fewer_indexes")]
    operations = [migrations.RunPython(text_for_proxy, migrations.RunPython.noop)]
