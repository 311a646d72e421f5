from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

BEFORE = import_module("services.events.migrations.0002_walls").JOIN
# As before, but for the line: whoever comes while somebody of the group waits, waits too, also in
# the last hours, when a place may be free until the door gives it. Who cannot come any more, since
# the account is switched off, keeps nobody waiting; to see that it looks as one who signs in does.
JOIN = """
CREATE OR REPLACE FUNCTION events_join(
    for_event bigint, for_group bigint, for_slot bigint, for_user bigint, facts jsonb,
    moment timestamptz, OUT signup bigint, OUT said text
) LANGUAGE plpgsql AS $$
DECLARE
    scope text := current_setting('qingchun.scope', true);
    clerk text := current_setting('qingchun.clerk', true);
    sign_in text := current_setting('qingchun.sign_in', true);
    e record;
    before record;
    was_last boolean := false;
    total_full boolean := false;
BEGIN
    PERFORM set_config('qingchun.scope', '14', true), set_config('qingchun.clerk', 'on', true),
            set_config('qingchun.sign_in', 'on', true);
    PERFORM pg_advisory_xact_lock_shared(7, for_event::integer);
    SELECT organization_id, state, needs_approval, capacity, opens_at, closes_at
    INTO e FROM events_event WHERE id = for_event;
    SELECT id, state INTO before FROM events_signup
    WHERE event_id = for_event AND user_id = for_user AND slot = for_slot;
    IF before.state IN ('applied', 'in', 'waiting', 'offered') THEN
        signup := before.id; said := 'has';
    ELSIF before.state = 'declined' THEN
        signup := before.id; said := 'declined';
    ELSIF e.state NOT IN ('open', 'full') OR moment < e.opens_at OR moment >= e.closes_at THEN
        said := 'closed';
    ELSE
        said := CASE WHEN e.needs_approval OR for_group IS NULL THEN 'applied' ELSE 'waiting' END;
        IF said = 'waiting' THEN
            UPDATE events_eventgroup SET taken = taken + 1
            WHERE id = for_group AND event_id = for_event AND taken < capacity
            AND NOT EXISTS (
                SELECT 1 FROM events_signup w JOIN accounts_user u ON u.id = w.user_id
                WHERE w.event_id = for_event AND w.state = 'waiting' AND w.group_id = for_group
                AND u.is_active
            )
            RETURNING taken = capacity INTO was_last;
            IF FOUND THEN
                said := 'in';
                IF e.capacity IS NOT NULL THEN
                    UPDATE events_event SET taken = taken + 1
                    WHERE id = for_event AND taken < capacity RETURNING taken = capacity INTO total_full;
                    IF NOT FOUND THEN
                        UPDATE events_eventgroup SET taken = taken - 1 WHERE id = for_group;
                        said := 'waiting';
                    END IF;
                END IF;
            END IF;
        END IF;
        IF before.id IS NULL THEN
            INSERT INTO events_signup (
                organization_id, event_id, group_id, slot, user_id, name, phone, kind, home_id,
                answers, state, turn, joined_at, why, code, hours_by, person_mark
            ) VALUES (
                e.organization_id, for_event, for_group, for_slot, for_user, facts->>'name',
                facts->>'phone', facts->>'kind', facts->>'home', facts->'answers', said,
                nextval('events_turn'), moment, '', gen_random_uuid(), '',
                (facts->>'mark')::bigint
            ) ON CONFLICT (event_id, user_id, slot) DO NOTHING RETURNING id INTO signup;
        ELSE
            UPDATE events_signup SET
                group_id = for_group, name = facts->>'name', phone = facts->>'phone',
                kind = facts->>'kind', home_id = facts->>'home', answers = facts->'answers',
                state = said, turn = nextval('events_turn'), joined_at = moment, why = ''
            WHERE id = before.id AND state = before.state RETURNING id INTO signup;
        END IF;
        IF signup IS NULL THEN  -- the same tap came twice at once, and the other was first
            IF said = 'in' THEN
                UPDATE events_eventgroup SET taken = taken - 1 WHERE id = for_group;
                IF e.capacity IS NOT NULL THEN
                    UPDATE events_event SET taken = taken - 1 WHERE id = for_event;
                END IF;
            END IF;
            SELECT id INTO signup FROM events_signup
            WHERE event_id = for_event AND user_id = for_user AND slot = for_slot;
            said := 'has';
        ELSIF e.state = 'open' AND (was_last OR total_full OR said = 'waiting') THEN
            UPDATE events_event SET state = 'full' WHERE id = for_event AND state = 'open' AND (
                taken >= capacity OR NOT EXISTS (
                    SELECT 1 FROM events_eventgroup g WHERE g.event_id = for_event AND g.taken < g.capacity
                )
            );
        END IF;
    END IF;
    PERFORM set_config('qingchun.scope', coalesce(scope, ''), true),
            set_config('qingchun.clerk', coalesce(clerk, ''), true),
            set_config('qingchun.sign_in', coalesce(sign_in, ''), true);
END $$
"""
# Hours that were typed before there were limits: 0 emptied the whole line, one a minute.
WITHIN_LIMITS = """
SELECT set_config('qingchun.scope', '14', true);
UPDATE events_event SET accept_hours = least(72, greatest(1, accept_hours))
WHERE accept_hours NOT BETWEEN 1 AND 72;
SELECT set_config('qingchun.scope', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0002_walls"), ("accounts", "0002_walls")]
    operations = [
        migrations.RunSQL(JOIN, BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(WITHIN_LIMITS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "event",
            models.CheckConstraint(
                condition=Q(accept_hours__range=(1, 72)),
                name="events_offer_lasts_one_to_72_hours",
            ),
        ),
    ]
