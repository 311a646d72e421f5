from importlib import import_module

from django.db import migrations

from qingchun.organizations.rls import (
    CLERK,
    IS_PERSON,
    NEAR_HOME,
    PERSON,
    append_only,
    open_to_read,
    wall,
)

OR_COUNTY = import_module("campaigns.migrations.0002_walls").OR_COUNTY
HOME = f"{NEAR_HOME.format(column='organization_id')} OR {CLERK}"
# Where it is carried, and whoever asked: not the city, not the province.
REQUEST = f"{HOME} OR {IS_PERSON.format(column='asker_id')}"
OWN = f"SELECT id FROM proxy_servicerequest WHERE asker_id = {PERSON}::bigint"
OF_REQUEST = f"{HOME} OR request_id IN ({OWN})"
OF_PAPER = f"{HOME} OR paper_id IN (SELECT id FROM proxy_paper WHERE request_id IN ({OWN}))"


class Migration(migrations.Migration):
    dependencies = [("proxy", "0001_initial"), ("talent", "0006_text_for_proxy")]
    operations = [
        open_to_read("proxy_serviceitem"),
        open_to_read("proxy_itemversion"),
        open_to_read("proxy_examplepicture"),
        open_to_read("proxy_slot"),
        append_only("proxy_itemversion"),
        wall("proxy_servicerequest", REQUEST),
        wall("proxy_caseevent", OF_REQUEST),
        wall("proxy_mandate", OF_REQUEST),
        wall("proxy_paper", OF_REQUEST),
        wall("proxy_paperimage", OF_PAPER),
        wall("proxy_handing", OF_PAPER),
        wall("proxy_slip", OF_REQUEST),
        wall("proxy_trip", HOME),
        wall("proxy_tripcase", HOME),
        wall("proxy_dayclose", HOME),
        wall("proxy_phrase", HOME),
        wall("proxy_casetally", OR_COUNTY),
    ]
