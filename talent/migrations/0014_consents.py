from django.conf import settings
from django.db import migrations, models

import qingchun.ground.sealed_fields

PURPOSES = [
    ("basic", "个人信息处理告知书"),
    ("pool", "加入乡村振兴青年人才库"),
    ("matchmaking", "参加青春有约"),
    ("messages", "接收家乡消息"),
    ("proxy", "民事代办"),
    ("voice", "公开我的照片和话"),
    ("host", "参加别的团委的活动"),
]


def texts_of_today(apps, schema_editor):
    from talent.youth import texts

    kept = apps.get_model("talent", "ConsentText").objects
    newest = kept.filter(purpose="basic").order_by("-version").first()
    # What the province has worded itself stays as it is.
    ours = texts.NOTICE.format(days=settings.YOUTH_RETENTION_DAYS)
    kept.create(
        purpose="basic", version=newest.version + 1, facts=texts.told_by_settings(),
        text=newest.text if newest.published_by else ours,
    )  # fmt: skip
    for purpose, text in (("voice", texts.OF_A_VOICE), ("host", texts.OF_A_HOST)):
        kept.get_or_create(purpose=purpose, version=1, defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [("talent", "0013_newest_checkins_in_order")]
    operations = [
        migrations.AddField(
            model_name="consenttext",
            name="facts",
            field=models.TextField(blank=True, db_default="", verbose_name="由设置写出的"),
        ),
        migrations.AddField(
            model_name="consent",
            name="guardian",
            field=qingchun.ground.sealed_fields.SealedTextField(
                blank=True, db_default="", verbose_name="家长的话", what="youth words"
            ),
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name="purpose",
                field=models.CharField(choices=PURPOSES, max_length=12, verbose_name="事项"),
            )
            for model in ("consent", "consenttext")
        ),
        migrations.RunPython(texts_of_today, migrations.RunPython.noop),
    ]
