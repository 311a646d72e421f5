from django.db import migrations


def text_for_an_evening(apps, schema_editor):
    from talent.youth.texts import OF_AN_EVENING

    texts = apps.get_model("talent", "ConsentText").objects.filter(purpose="matchmaking")
    newest = texts.order_by("-version").first()
    texts.create(purpose="matchmaking", version=newest.version + 1, text=OF_AN_EVENING)


class Migration(migrations.Migration):
    dependencies = [("talent", "0006_text_for_proxy")]
    operations = [migrations.RunPython(text_for_an_evening, migrations.RunPython.noop)]
