"""Each crossing of units has a name, the tables that it opens, and the packages that may use it."""

import ast

import pytest
from django.conf import settings
from django.db import connection, transaction

from qingchun.organizations import walls
from qingchun.organizations.law import Doing, Law, laws, opens
from qingchun.organizations.purposes import PURPOSES, used_by
from qingchun.organizations.walls import acting, current, rls_context
from tests.conftest import as_owner
from tests.life import world
from tests.looking import looking

OURS = ("qingchun", "campaigns", "talent", "services", "reports")
# Where a purpose is passed on, and not chosen.
PASSED_ON = {"qingchun.accounts.steps"}


def modules():
    for top in OURS:
        for file in (settings.BASE_DIR / top).rglob("*.py"):
            name = ".".join(file.relative_to(settings.BASE_DIR).with_suffix("").parts)
            yield name, ast.parse(file.read_text("utf-8"))


def uses():
    """(module, purpose) of every place in the portal that acts for one, doors of the database too."""
    for name, tree in modules():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            called = getattr(call.func, "id", "")
            if called == "acting":
                purpose = call.args[0]
                if isinstance(purpose, ast.Constant):
                    yield name, purpose.value
                else:
                    assert name in PASSED_ON, name
            if called == "door" and call.args[1].value in PURPOSES:
                yield name.partition(".migrations.")[0], call.args[1].value
            for keyword in call.keywords:
                if called == "Road" and keyword.arg == "purpose":
                    yield name, keyword.value.value


def is_within(module, packages):
    return any(module == one or module.startswith(f"{one}.") for one in packages)


def test_purposes_are_declared_used_and_opened_by_some_law():
    used = {purpose for _, purpose in uses()}
    assert used == set(PURPOSES)
    assert [purpose for purpose in PURPOSES if not opens(purpose)] == []


def test_purpose_is_used_where_it_may_be():
    strangers = {
        (module, purpose) for module, purpose in uses() if not is_within(module, used_by(purpose))
    }
    assert strangers == set()


def test_no_package_is_named_that_does_not_use_the_purpose():
    where = {}
    for module, purpose in uses():
        where.setdefault(purpose, set()).add(module)
    idle = {
        (purpose, package)
        for purpose in PURPOSES
        for package in used_by(purpose)
        if not any(is_within(module, [package]) for module in where[purpose])
    }
    assert idle == set()


def test_no_view_acts_for_a_purpose():
    acts = {module for module, _ in uses()}
    assert [module for module in acts if "views" in module.split(".")] == []


# Who says that somebody signs in, and asks as what they like.
NAMED = {
    "signing_in": {"qingchun.organizations.walls", "qingchun.accounts.found"},
    "_asking": {"qingchun.organizations.walls"},
}
# And what a data migration from before is told.
SAID = {"qingchun.organizations.walls", "qingchun.organizations.rls"}


def names_in(tree):
    """Whatever is named, taken from something, defined, imported or given by its name."""
    for node in ast.walk(tree):
        for part in ("id", "attr", "name", "arg"):
            yield getattr(node, part, None)


def test_nobody_signs_in_but_for_the_one_question_to_a_door():
    """It showed every account, post, session and second factor, for as long as a page liked."""
    named, said = {name: set() for name in NAMED}, set()
    for module, tree in modules():
        names = set(names_in(tree))
        assert "sign_in" not in {k.arg for k in ast.walk(tree) if isinstance(k, ast.keyword)}
        for name in NAMED:
            named[name] |= {module} if name in names else set()
        constants = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        said |= {module} if "sign in" in constants else set()
    assert (named, said) == (NAMED, SAID)


def test_nobody_is_a_clerk_of_all():
    for _, tree in modules():
        names = {getattr(node, "id", "") for node in ast.walk(tree)}
        assert not names & {"as_clerk", "as_postman", "Clerk"}


@pytest.mark.parametrize(
    "name", ["", "clerk", "look", "matching", "finding", "sign in", "tell|forget", "forget|", None]
)
def test_purpose_that_there_is_none_of_is_refused_before_anything_is_told(db, name):
    before = current()
    with pytest.raises(ValueError, match="There is no purpose"), acting(name):
        raise AssertionError
    assert current() == before


def test_law_names_no_purpose_that_there_is_none_of():
    with pytest.raises(ValueError, match="There is no purpose"):
        Doing("tell", "clerk")


# What is told


def told():
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.told(1), wall.told(2), wall.told(3)")
        return cursor.fetchone()


def test_purpose_keeps_who_asks_and_is_over_afterwards(db):
    with rls_context(scope="140105", person=7):
        with acting("claim"):
            assert told() == ("140105", "7", "claim")
        assert told() == ("140105", "7", None)
        with acting("claim", "140106"):
            assert told() == ("140106", "7", "claim")
        assert told() == ("140105", "7", None)


def test_same_purpose_again_costs_nothing(db, django_assert_num_queries):
    with rls_context(), acting("claim"), django_assert_num_queries(0), acting("claim"):
        assert current()[2] == "claim"


def test_purpose_that_opens_less_costs_nothing_inside_one_that_opens_more(
    db, django_assert_num_queries
):
    assert opens("pool consent") < opens("check in")
    with rls_context(), acting("check in"):
        with django_assert_num_queries(0), acting("pool consent"):
            assert current()[2] == "check in"  # the wider one goes on
        with acting("tell"):
            assert told()[2] == "tell"
        assert told()[2] == "check in"
    with rls_context(), acting("pool consent"), acting("check in"):
        assert told()[2] == "check in"


# What is opened


@pytest.fixture
def everything(campaign, plan, li, wang, zhou, zhang, sun, wu, zhao, chen):
    """A row in every table that holds a unit, none of which is 盐湖区's."""
    cast = {
        "province": li, "city": wang, "other city": zhou, "county": zhang, "next county": sun,
        "far county": wu, "township": zhao, "youth": chen,
    }  # fmt: skip
    world.full("140105", campaign, plan, cast)


ELSEWHERE = "140802"
WALLED = [table for table, law in laws().items() if isinstance(law, Law)]


def rows_of():
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in WALLED)
        )
        return dict(cursor.fetchall())


def seen(purpose=""):
    """Table -> how many rows somebody of 盐湖区 sees, while the portal does this."""
    with walls._asking(ELSEWHERE, "", purpose):
        return rows_of()


def test_purpose_opens_the_tables_whose_laws_name_it_and_no_other(everything):
    plain = seen()
    with looking():
        every = rows_of()
    for purpose in PURPOSES:
        found = seen(purpose)
        assert {table for table in WALLED if found[table] > plain[table]} <= opens(purpose), purpose
        assert {table for table in opens(purpose) if found[table] < every[table]} == set(), purpose
    assert len([table for table in WALLED if every[table] > plain[table]]) > 60


def test_proof_notices_a_table_that_more_is_open_to_than_its_law_says(everything):
    with as_owner() as cursor:
        cursor.execute(
            "CREATE POLICY more ON proxy_mandate USING ((SELECT wall.told(3)) = 'match')"
        )
    with transaction.atomic():
        assert seen("match")["proxy_mandate"] > seen()["proxy_mandate"]
