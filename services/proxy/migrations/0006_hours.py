from importlib import import_module

from django.db import migrations, models

# One place of an hour for a case, instead of the hour it has: 0 it is booked, 1 the case has
# another than was said, 2 there is no place, 3 it is closed, 4 it has begun. The case's row is
# written first and the hour's last, so that others wait for it as shortly as can be; its number
# is looked at in the very UPDATE that changes it. Where one hour is changed for another, both are
# locked in their order: two who swap theirs do not wait for each other. It sees past the wall as
# the portal's clerk did, for its own length and for these three rows alone.
BOOK = """
CREATE FUNCTION proxy_book(
    wanted_by bigint, hour bigint, by_way text, moment timestamptz, held bigint
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    scope text := current_setting('qingchun.scope', true);
    clerk text := current_setting('qingchun.clerk', true);
    answer integer := 0;
BEGIN
    PERFORM set_config('qingchun.scope', '14', true), set_config('qingchun.clerk', 'on', true);
    UPDATE proxy_servicerequest SET slot_id = hour
    WHERE id = wanted_by AND slot_id IS NOT DISTINCT FROM held;
    IF NOT FOUND THEN
        answer := 1;
    ELSE
        IF held IS NOT NULL THEN
            PERFORM 1 FROM proxy_slot WHERE id IN (hour, held) ORDER BY id FOR UPDATE;
        END IF;
        UPDATE proxy_slot SET taken = taken + 1
        WHERE id = hour AND way = by_way AND taken < capacity AND NOT is_closed
        AND starts_at > moment;
        IF NOT FOUND THEN
            UPDATE proxy_servicerequest SET slot_id = held WHERE id = wanted_by;
            SELECT CASE WHEN starts_at <= moment THEN 4 WHEN is_closed THEN 3 ELSE 2 END
            INTO answer FROM proxy_slot WHERE id = hour;
            answer := coalesce(answer, 2);
        ELSIF held IS NOT NULL THEN
            UPDATE proxy_slot SET taken = taken - 1
            WHERE id = held AND taken > 0 AND starts_at > moment;
        END IF;
    END IF;
    PERFORM set_config('qingchun.scope', coalesce(scope, ''), true),
            set_config('qingchun.clerk', coalesce(clerk, ''), true);
    RETURN answer;
END $$
"""
BEFORE = import_module("services.proxy.migrations.0002_walls").BOOK
OLD, NEW = (f"DROP FUNCTION proxy_book({facts})" for facts in (
    "bigint, bigint, text, timestamptz", "bigint, bigint, text, timestamptz, bigint",
))  # fmt: skip
# Those that somebody closed before had their number cut down to what was booked. How many they
# had is told by no row: they stay closed, and have one place once they are opened again.
CLOSED = """
UPDATE proxy_slot SET is_closed = true, capacity = greatest(capacity, 1)
WHERE taken = capacity AND starts_at > now() AND 'proxy.slot:' || id IN (
    SELECT subject FROM accounts_auditevent WHERE verb = '关闭时段'
)
"""


def say_which_are_closed(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CLOSED)


def cut_them_down_again(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("UPDATE proxy_slot SET capacity = taken WHERE is_closed")


class Migration(migrations.Migration):
    dependencies = [("proxy", "0005_addresses_are_sealed"), ("accounts", "0008_chained_audit")]
    operations = [
        migrations.AddField(
            "slot", "is_closed", models.BooleanField(default=False, verbose_name="不再接受")
        ),
        migrations.RunPython(say_which_are_closed, cut_them_down_again),
        migrations.RunSQL(OLD, BEFORE),
        migrations.RunSQL(BOOK, NEW),
    ]
