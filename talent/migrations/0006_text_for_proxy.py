from django.conf import settings
from django.db import migrations, models


def text_for_proxy(apps, schema_editor):
    from talent.youth.texts import FIRST

    texts = apps.get_model("talent", "ConsentText").objects
    text = FIRST["proxy"].format(papers=settings.PAPERS_KEPT_DAYS)
    texts.get_or_create(purpose="proxy", version=1, defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [("talent", "0005_fewer_indexes")]
    operations = [
        migrations.AlterField(
            model_name='consent',
            name='purpose',
            field=models.CharField(choices=[('basic', '个人信息处理告知书'), ('pool', '加入乡村振兴青年人才库'), ('matchmaking', '参加青春有约'), ('messages', '接收家乡消息'), ('proxy', '民事代办')], max_length=12, verbose_name='事项'),
        ),
        migrations.AlterField(
            model_name='consenttext',
            name='purpose',
            field=models.CharField(choices=[('basic', '个人信息处理告知书'), ('pool', '加入乡村振兴青年人才库'), ('matchmaking', '参加青春有约'), ('messages', '接收家乡消息'), ('proxy', '民事代办')], max_length=12, verbose_name='事项'),
        ),
        migrations.RunPython(text_for_proxy, migrations.RunPython.noop),
    ]
