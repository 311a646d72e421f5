from django.db import migrations, models

PURPOSES = [
    ("basic", "个人信息处理告知书"),
    ("pool", "加入乡村振兴青年人才库"),
    ("matchmaking", "参加青春有约"),
    ("messages", "接收家乡消息"),
    ("proxy", "民事代办"),
    ("voice", "公开我的照片和话"),
    ("host", "参加别的团委的活动"),
    ("story", "公开我的事迹"),
    ("work", "找家乡的工作"),
]


def text_of_work(apps, schema_editor):
    from talent.youth.texts import OF_WORK

    kept = apps.get_model("talent", "ConsentText").objects
    kept.get_or_create(purpose="work", version=1, defaults={"text": OF_WORK})


class Migration(migrations.Migration):
    dependencies = [("talent", "0020_home_letters")]
    operations = [
        *(
            migrations.AlterField(
                model_name=model,
                name="purpose",
                field=models.CharField(choices=PURPOSES, max_length=12, verbose_name="事项"),
            )
            for model in ("consent", "consenttext")
        ),
        migrations.RunPython(text_of_work, migrations.RunPython.noop),
    ]
