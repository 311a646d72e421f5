from importlib import import_module

from django.db import migrations

from qingchun.organizations.rls import wall

OR_COUNTY = import_module("campaigns.migrations.0002_walls").OR_COUNTY


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_recordtally")]
    operations = [wall("campaigns_recordtally", OR_COUNTY)]
