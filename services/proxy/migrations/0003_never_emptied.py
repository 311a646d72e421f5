from django.db import migrations

from qingchun.organizations.rls import never_emptied


class Migration(migrations.Migration):
    dependencies = [("proxy", "0002_walls")]
    operations = [never_emptied("proxy_itemversion")]
