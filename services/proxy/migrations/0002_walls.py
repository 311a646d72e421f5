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

# One place of an hour for a case: 0 it is booked, 1 the case has one, 2 there is no place. The
# case's row is written first and the hour's last, so that others wait for it as shortly as can be;
# its number is looked at in the very UPDATE that changes it. It sees past the wall as the portal's
# clerk did, for its own length and for these two rows alone.
BOOK = """
CREATE FUNCTION proxy_book(wanted_by bigint, hour bigint, by_way text, moment timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    scope text := current_setting('qingchun.scope', true);
    clerk text := current_setting('qingchun.clerk', true);
    answer integer := 0;
BEGIN
    PERFORM set_config('qingchun.scope', '14', true), set_config('qingchun.clerk', 'on', true);
    UPDATE proxy_servicerequest SET slot_id = hour WHERE id = wanted_by AND slot_id IS NULL;
    IF NOT FOUND THEN
        answer := 1;
    ELSE
        UPDATE proxy_slot SET taken = taken + 1
        WHERE id = hour AND way = by_way AND taken < capacity AND starts_at > moment;
        IF NOT FOUND THEN
            UPDATE proxy_servicerequest SET slot_id = NULL WHERE id = wanted_by;
            answer := 2;
        END IF;
    END IF;
    PERFORM set_config('qingchun.scope', coalesce(scope, ''), true),
            set_config('qingchun.clerk', coalesce(clerk, ''), true);
    RETURN answer;
END $$
"""


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
        migrations.RunSQL(BOOK, "DROP FUNCTION proxy_book"),
    ]
