from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0024_texts_as_they_are_meant")]
    operations = [
        migrations.AddField(
            "voice", "asked_on",
            models.DateField(editable=False, null=True, verbose_name="请本人同意的日子"),
        ),
    ]
