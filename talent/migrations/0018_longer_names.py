from django.db import migrations, models


class Migration(migrations.Migration):
    """As ``ground.names`` has it: names of more than thirty characters are real."""

    dependencies = [("talent", "0017_headings_are_sealed")]
    operations = [
        migrations.AlterField("likeness", "by_name", models.CharField(max_length=50, verbose_name="经办人")),
        migrations.AlterField("opening", "by_name", models.CharField(max_length=50, verbose_name="查阅人")),
        migrations.AlterField("offer", "by_name", models.CharField(max_length=50, verbose_name="登记人")),
        migrations.AlterField("talentrecord", "name", models.CharField(max_length=50, verbose_name="姓名")),
        migrations.AlterField("sheet", "by_name", models.CharField(max_length=50, verbose_name="导入人")),
        migrations.AlterField("stagedrow", "name", models.CharField(blank=True, max_length=50)),
        migrations.AlterField("stagechange", "by_name", models.CharField(blank=True, max_length=50, verbose_name="经办人")),
        migrations.AlterField("followup", "by_name", models.CharField(blank=True, max_length=50, verbose_name="回访人")),
        migrations.AlterField("groupnote", "by_name", models.CharField(max_length=50, verbose_name="发布人")),
        migrations.AlterField("posting", "by_name", models.CharField(max_length=50, verbose_name="发布人")),
        migrations.AlterField("youth", "name", models.CharField(max_length=50, verbose_name="姓名")),
        migrations.AlterField("checkin", "by_name", models.CharField(blank=True, max_length=50, verbose_name="经办人")),
        migrations.AlterField("consenttext", "published_by", models.CharField(blank=True, max_length=50, verbose_name="发布人")),
        migrations.AlterField("contact", "by_name", models.CharField(max_length=50, verbose_name="联系人")),
        migrations.AlterField("reply", "by_name", models.CharField(blank=True, max_length=100, verbose_name="答复人")),
        migrations.AlterField("publishedanswer", "by_name", models.CharField(max_length=50, verbose_name="发布人")),
        migrations.AlterField("numberanswer", "by_name", models.CharField(max_length=50, verbose_name="认定人")),
        migrations.AlterField("columnhabit", "by_name", models.CharField(blank=True, db_default="", max_length=50, verbose_name="定的人")),
    ]
