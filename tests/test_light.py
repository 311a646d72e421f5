"""What a portal does without: libraries nobody asked for, indexes that stand twice, bytes."""

import gzip
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from qingchun.organizations.indexes import TWICE
from tests.looking import looking

# Tens of megabytes each, for one job or one command.
LARGE = {"boto3", "scipy", "numpy", "pypinyin", "openpyxl", "docx", "av"}
READ = "import sys, qingchun.wsgi; print(*sys.modules)"


def test_process_that_serves_pages_has_read_them_all_and_no_large_library():
    """speed.md, faults 4 and 5."""
    done = subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True, check=True)
    read = set(done.stdout.split())
    assert LARGE & read == set()
    assert {"campaigns.views.log", "services.events.views.public"} <= read  # before anybody asks


def test_process_that_serves_pages_reads_no_newer_ones():
    """A new version lies there before the workers are changed: a page that nobody had opened yet was
    read from it by old code, and was 500."""
    read = "import qingchun.wsgi; from django.template import Engine; e = Engine.get_default();"
    read += "print(*(t.name for t in e.template_loaders[0].get_template_cache.values()))"
    done = subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=True)
    there = settings.BASE_DIR / "templates"
    assert {str(path.relative_to(there)) for path in there.rglob("*.html")} <= set(
        done.stdout.split()
    )


def test_process_that_keeps_the_others_reads_in_next_to_nothing():
    read = "import sys, qingchun.run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=True)
    assert {"celery", "django.http", "psycopg2", "redis"} & set(done.stdout.split()) == set()


@pytest.mark.django_db
def test_no_index_stands_twice():
    """speed.md, fault 8."""
    with looking(), connection.cursor() as cursor:
        cursor.execute(TWICE)
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'")
        assert cursor.fetchone()[0] > 400


@pytest.mark.parametrize("path", ["/policies/", "/140105/", "/140105/services/", "/activities/"])
def test_page_goes_out_compressed_and_is_the_same_page(client, campaign, zhang, path):
    """speed.md, fault 3."""
    client.force_login(zhang)
    plain = client.get(path)
    zipped = client.get(path, headers={"accept-encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), zipped.headers["Content-Encoding"]) == (
        None,
        "gzip",
    )
    assert "Accept-Encoding" in zipped.headers["Vary"]
    whole = gzip.decompress(zipped.content)
    assert abs(len(whole) - len(plain.content)) < 400  # the masks of its forms differ
    assert len(zipped.content) * 2.5 < len(whole)


def test_file_goes_out_as_it_is(client, campaign, zhang):
    client.force_login(zhang)
    answer = client.get("/board/140105/export.xlsx", headers={"accept-encoding": "gzip"})
    assert answer.headers.get("Content-Encoding") is None
    assert answer.content[:2] == b"PK"


@pytest.mark.parametrize("path", ["/", "/140105/", "/140105/services/", "/policies/"])
def test_public_page_that_is_the_same_is_not_sent_again(client, campaign, zhang, path):
    zipped = {"accept-encoding": "gzip"}
    first = client.get(path, headers=zipped)
    again = client.get(path, headers=zipped | {"if-none-match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    client.force_login(zhang)
    theirs = client.get(path, headers=zipped | {"if-none-match": first.headers["ETag"]})
    assert theirs.status_code != 304
    assert "ETag" not in theirs.headers  # what names somebody is kept nowhere
    assert "no-store" in theirs.headers["Cache-Control"]
