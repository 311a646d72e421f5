"""libpq's own list of hosts: whoever may write is found, before and after a failover."""

from contextlib import closing

import pytest
from django.db import OperationalError
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import ConnectionHandler

from qingchun import env
from tests.cluster.database import Server, url_of


@pytest.fixture
def pair(tmp_path, django_db_blocker):
    primary = Server(tmp_path, "first").make().start()
    primary.roles()
    standby = Server(tmp_path, "second", primary).make().start()
    with django_db_blocker.unblock():  # it is no database of the suite's that they ask
        yield primary, standby
    for server in (standby, primary):
        server.stop()


def line(servers, wanted):
    """A connection as the portal opens it."""
    values = env.database(url_of(servers, "postgres", wanted))
    handler = ConnectionHandler({"default": values})
    handler.configure_settings(handler.settings)
    return DatabaseWrapper(handler.settings["default"], "tried")


def ask(link, text="SELECT pg_is_in_recovery()"):
    with link.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchone()[0]


def test_one_that_may_write_is_found_behind_a_standby_and_after_a_promotion(pair):
    primary, standby = pair
    hosts = [standby, primary]  # the first that is asked may not write
    with (
        closing(line(hosts, "read-write")) as writes,
        closing(line(hosts, "prefer-standby")) as reads,
    ):
        assert (ask(writes), ask(reads)) == (False, True)
        primary.kill()
        with pytest.raises(OperationalError):
            ask(writes)
        writes.close()
        standby.promote()
        assert ask(writes) is False  # nothing was repointed
        assert ask(writes, "SELECT inet_server_port()") == standby.port
        reads.close()
        assert ask(reads) is False  # none is left: whoever may write is read
