from importlib import import_module

from django.db import migrations

from qingchun.organizations.rls import (
    CLERK,
    IS_PERSON,
    NEAR_HOME,
    PERSON,
    SCOPE,
    open_to_read,
    wall,
)

# A township stands at its county's points, and sees what was written there.
OR_COUNTY = import_module("campaigns.migrations.0002_walls").OR_COUNTY
OWN_UNIT = f"organization_id = {SCOPE}"
MINE = IS_PERSON.format(column="user_id")
# Whoever runs the event and whoever signed up. A city does not see its counties' people.
SIGNUP = f"{OWN_UNIT} OR {NEAR_HOME.format(column='organization_id')} OR {CLERK} OR {MINE}"
OWN = f"SELECT id FROM events_signup WHERE user_id = {PERSON}::bigint"
OF_SIGNUP = (
    f"{OWN_UNIT} OR {NEAR_HOME.format(column='organization_id')} OR {CLERK}"
    f" OR signup_id IN ({OWN})"
)
PAIR = f"{IS_PERSON.format(column='a_user_id')} OR {IS_PERSON.format(column='b_user_id')} OR {CLERK}"
# Set by the two functions below alone, for their own length: not even the portal's clerk reads
# whom somebody chose.
MATCHING = "(SELECT current_setting('qingchun.matching', true) = 'on')"
CHOICE = f"{MINE} OR {MATCHING}"

# One person at one event. Places are held by the counters' own UPDATE; whoever finds none stands
# in the line by ``turn``, which is drawn after the counter was seen to be full, so that nobody in
# the line came before somebody who is in. The lock is shared: those who join do not wait for each
# other, and whoever gives a place back (``line.hold``) waits for all of them, and they for it.
# It sees past the wall as the portal's clerk did, for its own length.
JOIN = """
CREATE FUNCTION events_join(
    for_event bigint, for_group bigint, for_slot bigint, for_user bigint, facts jsonb,
    moment timestamptz, OUT signup bigint, OUT said text
) LANGUAGE plpgsql AS $$
DECLARE
    scope text := current_setting('qingchun.scope', true);
    clerk text := current_setting('qingchun.clerk', true);
    e record;
    before record;
    was_last boolean := false;
    total_full boolean := false;
BEGIN
    PERFORM set_config('qingchun.scope', '14', true), set_config('qingchun.clerk', 'on', true);
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
            set_config('qingchun.clerk', coalesce(clerk, ''), true);
END $$
"""
# Pairs of an evening: one statement over the choices. What nobody answers is not returned.
MUTUAL = """
CREATE FUNCTION events_mutual(of_event bigint) RETURNS TABLE (a integer, b integer)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('qingchun.matching', 'on', true);
    RETURN QUERY
        WITH each AS (
            SELECT number::integer AS who, unnest(chosen)::integer AS whom
            FROM events_choice WHERE event_id = of_event
        )
        SELECT x.who, x.whom FROM each x JOIN each y ON y.who = x.whom AND y.whom = x.who
        WHERE x.who < x.whom;
    PERFORM set_config('qingchun.matching', '', true);
END $$
"""
# All choices of an evening, or all of a person, are forgotten. Returns how many rows went.
ERASE = """
CREATE FUNCTION events_erase_choices(of_event bigint, of_user bigint) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    gone integer;
BEGIN
    PERFORM set_config('qingchun.matching', 'on', true);
    DELETE FROM events_choice WHERE event_id = of_event OR user_id = of_user;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('qingchun.matching', '', true);
    RETURN gone;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE events_turn", "DROP SEQUENCE events_turn"),
        open_to_read("events_event"),
        open_to_read("events_eventgroup"),
        open_to_read("events_evening"),
        open_to_read("events_servicepoint"),
        wall("events_pointday", OR_COUNTY),
        wall("events_signup", SIGNUP),
        wall("events_wish", OF_SIGNUP),
        wall("events_placement", OF_SIGNUP),
        wall("events_visit", f"({OWN_UNIT} AND length({SCOPE}) = 6) OR {CLERK}"),
        wall("events_profile", f"{MINE} OR {CLERK}"),
        wall("events_seat", f"{OWN_UNIT} OR {CLERK}"),
        wall("events_choice", CHOICE),
        wall("events_match", PAIR),
        wall("events_block", f"{MINE} OR {CLERK}"),
        wall("events_report", f"{OWN_UNIT} OR {CLERK}"),
        wall("events_pledge", f"{MINE} OR {CLERK}"),
        migrations.RunSQL(JOIN, "DROP FUNCTION events_join"),
        migrations.RunSQL(MUTUAL, "DROP FUNCTION events_mutual"),
        migrations.RunSQL(ERASE, "DROP FUNCTION events_erase_choices"),
    ]
