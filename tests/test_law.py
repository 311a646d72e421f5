"""The law of each table: the database has it, docs say it, and a difference is noticed."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import models
from django.utils.module_loading import import_string

from qingchun.accounts.models import User
from qingchun.organizations import changes, happening, policies
from qingchun.organizations.changes import LEFT, WITHDRAWN, By, Cascade, Empty, Stay
from qingchun.organizations.checks import every_model_has_its_law
from qingchun.organizations.law import Doing, Law, Told, Unit, laws
from qingchun.organizations.walls import rls_context
from qingchun.roles import WEB
from talent.youth.choices import IN_PLACE, OPTIONAL
from tests.conftest import as_owner

DOC = settings.BASE_DIR / "docs" / "walls.md"


def does(statement):
    with as_owner() as cursor:
        cursor.execute(statement)


def test_database_has_the_walls_that_the_models_declare(db):
    assert policies.differences() == {}
    assert len(laws()) > 120


def test_row_may_point_at_nothing_unseen_but_where_its_law_says_why():
    """Each column that points at a walled table is asked, or its law has a sentence."""
    silent = {
        f"{table}.{name}"
        for table, law in laws().items()
        for name, why in getattr(law, "unseen", {}).items()
        if len(why) < 12
    }
    assert silent == set()
    assert policies.pointed_at("talent_contact", laws()["talent_contact"]) == {
        "youth_id": "talent_youth"
    }


PAST = {
    "campaigns/migrations/0002_walls.py",
    "campaigns/migrations/0005_wall_of_record_tally.py",
    "qingchun/accounts/migrations/0002_walls.py",
    "qingchun/accounts/migrations/0005_wall_of_wechat.py",
    "qingchun/accounts/migrations/0006_proved_numbers.py",
    "qingchun/accounts/migrations/0007_past_passwords.py",
    "qingchun/accounts/migrations/0008_chained_audit.py",
    "qingchun/notifications/migrations/0002_walls.py",
    "reports/migrations/0002_walls.py",
    "reports/migrations/0004_walls_of_reminders.py",
    "reports/migrations/0009_walls_of_summaries.py",
    "reports/migrations/0011_demands_are_open_to_read.py",
    "reports/migrations/0013_walls_of_what_is_kept.py",
    "reports/migrations/0015_walls_of_publicity.py",
    "reports/migrations/0016_never_emptied.py",
    "services/events/migrations/0002_walls.py",
    "services/proxy/migrations/0002_walls.py",
    "services/proxy/migrations/0003_never_emptied.py",
    "talent/migrations/0002_walls_and_texts.py",
    "talent/migrations/0004_walls_of_the_pool.py",
}
PLANTED = (
    "CREATE POLICY more ON talent_youth FOR SELECT USING (true)",
    "ALTER POLICY wall ON talent_youth USING (true)",
    "ALTER POLICY wall ON talent_youth WITH CHECK (true)",
    "ALTER POLICY wall ON talent_youth TO pg_read_all_data",
    "DROP POLICY wall ON talent_youth",
    "DROP TRIGGER points ON talent_youth",
    "ALTER TABLE talent_youth DISABLE TRIGGER points_anew",
    "ALTER TABLE talent_youth NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE talent_youth DISABLE ROW LEVEL SECURITY",
)


@pytest.mark.parametrize("statement", PLANTED)
def test_wall_that_somebody_changed_is_named_and_built_anew(db, statement):
    does(statement)
    assert list(policies.differences()) == ["talent_youth"]
    with pytest.raises(CommandError, match="talent_youth"):
        call_command("walls", check=True)
    with as_owner():
        call_command("walls")
    assert policies.differences() == {}


def test_wall_of_a_table_that_is_open_by_law_is_taken_down(db):
    does("CREATE POLICY wall ON campaigns_campaign USING (true)")
    assert list(policies.differences()) == ["campaigns_campaign"]
    with as_owner():
        assert policies.build() == ["campaigns_campaign"]


def test_table_without_a_model_is_walled_by_nobody(db):
    """What an older version left behind has no law, and no policy that nobody reads any more."""
    does("CREATE TABLE left_behind (id int)")
    does("CREATE POLICY wall ON left_behind USING (true)")
    assert list(policies.differences()) == ["left_behind"]


def test_model_that_does_not_answer_stops_the_start(monkeypatch):
    class Silent(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "talent"

    try:
        assert [error.id for error in every_model_has_its_law(None)] == ["qingchun.E002"]
    finally:
        del Silent._meta.apps.all_models["talent"]["silent"]
        Silent._meta.apps.clear_cache()


def test_data_migration_sees_every_row_and_the_walls_stand_again_after_it(log, zhang):
    """Whatever the walls of the version before believed, it has nothing to say of itself."""
    log(zhang)
    rows = "SELECT count(*) FROM campaigns_activity"
    with rls_context(), as_owner() as cursor:
        cursor.execute(rows)
        assert cursor.fetchone() == (0,)
        policies.open_to_owner(cursor)
        cursor.execute(rows)
        assert cursor.fetchone() == (1,)
        cursor.execute(f"SET ROLE {WEB}")
        cursor.execute(rows)
        assert cursor.fetchone() == (0,)
        cursor.execute("RESET ROLE")
        assert len(policies.build()) > 80
        cursor.execute(rows)
        assert cursor.fetchone() == (0,)
    assert policies.differences() == {}


def test_no_migration_writes_a_policy_from_now_on():
    """Those that did are the past; each database has what the models say, whatever it has run."""
    written = {
        str(file.relative_to(settings.BASE_DIR))
        for app in ("qingchun", "campaigns", "talent", "services", "reports")
        for file in (settings.BASE_DIR / app).rglob("migrations/*.py")
        if any(
            word in file.read_text("utf-8")
            for word in ("CREATE POLICY", "ALTER POLICY", "organizations.rls", "ROW LEVEL SECURITY")
        )
    }
    assert written == PAST


def test_docs_say_who_sees_what():
    assert DOC.read_text("utf-8") == policies.table()


def test_every_question_that_fields_raise_is_answered():
    """A new table says what becomes of its rows, or the build fails."""
    assert happening.unanswered() == []


def test_nothing_that_was_not_asked_is_answered():
    """An answer that no field asks for is never carried out."""
    beside = {
        f"{model._meta.label} {change.name}"
        for model, law in happening.by_model().items()
        for change in set(law.on) - set(happening.asked_of(model))
        if not (change == WITHDRAWN and law.basis)
    }
    assert beside == set()


def answered(kind):
    for model, law in happening.by_model().items():
        for change, answer in law.on.items():
            if isinstance(answer, kind):
                yield model, change, answer


def tells_of_somebody(field):
    text = isinstance(field, models.CharField | models.TextField) and not field.choices
    target = field.related_model
    return (
        target is User
        or getattr(getattr(target, "law", None), "person", False)
        or (
            text
            and (field.name.endswith(("name", "phone", "text")) or field.name in ("note", "word"))
        )
    )


def test_row_that_stays_of_nobody_has_every_name_number_and_account_emptied():
    left = {
        f"{model._meta.label}.{field.name}"
        for model, change, answer in answered(Empty)
        for field in model._meta.concrete_fields
        if tells_of_somebody(field) and field.name not in answer.values
    }
    assert left == set()


def test_what_goes_by_the_database_has_a_key_that_takes_it_along_and_no_file():
    wrong = [
        model._meta.label
        for model, change, _ in answered(Cascade)
        if any(isinstance(f, models.FileField) for f in model._meta.concrete_fields)
        or not any(
            model._meta.get_field(name).remote_field
            and model._meta.get_field(name).remote_field.on_delete is models.CASCADE
            for name in happening.asked_of(model)[change]
        )
    ]
    assert wrong == []


def test_what_stays_says_why_and_what_an_app_does_is_there():
    assert all(len(answer.why) > 5 for *_, answer in answered(Stay))
    assert all(callable(import_string(answer.function)) for *_, answer in answered(By))


def test_what_is_kept_of_a_person_is_taken_along_or_says_why_not():
    silent = [
        model._meta.label
        for model, law in happening.by_model().items()
        if LEFT in happening.asked_of(model) and not law.told
    ]
    assert silent == []
    told = [law.told for law in laws().values() if isinstance(law.told, Told)]
    assert all(callable(import_string(one.function)) for one in told)
    assert len({one.heading for one in told}) == len(told)


def test_something_rests_on_each_consent_that_can_be_withdrawn():
    rests = {purpose for law in laws().values() for purpose in law.basis}
    assert rests == {*OPTIONAL, *IN_PLACE}


def test_what_hangs_on_a_row_is_dealt_with_before_it():
    every = happening.by_model()
    depths = {model._meta.label: happening._depth(model, every) for model in every}
    assert depths["proxy.PaperImage"] > depths["proxy.Paper"] > depths["proxy.ServiceRequest"]
    assert depths["talent.Contact"] > depths["talent.Youth"] > depths["accounts.User"]


# Which purpose carries out what becomes of a row; a unit's end is carried out from the province too.
CARRIED_OUT = {
    changes.LEFT: "forget",
    changes.WITHDRAWN: "forget",
    changes.MERGED: "merge",
    changes.MOVED: "hand over",
    changes.POST_ENDED: "hand over",
    changes.UNIT_CLOSED: "merge units",
}


def _opens(law, change):
    named = {name for ground in law.sees if isinstance(ground, Doing) for name in ground.purposes}
    from_above = any(type(ground) is Unit for ground in law.sees)
    return CARRIED_OUT[change] in named or (change is changes.UNIT_CLOSED and from_above)


def test_what_becomes_of_a_row_is_open_to_the_purpose_that_does_it():
    shut = {
        (table, change.name)
        for table, law in laws().items()
        if isinstance(law, Law)
        for change, answer in law.on.items()
        if change in CARRIED_OUT and not isinstance(answer, Stay) and not _opens(law, change)
    }
    # Whom somebody chose is erased by a door: no purpose and no unit reads it.
    assert shut == {("events_choice", "LEFT"), ("events_choice", "WITHDRAWN")}
