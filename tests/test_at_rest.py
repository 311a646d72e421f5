"""What lies on the disk and in the tables: papers and addresses that nobody reads without a key."""

from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import now

from qingchun.accounts.models import Invitation, User
from qingchun.accounts.phones import phone_mark
from qingchun.operations.management.commands.keys import BACKING_UP
from qingchun.organizations.walls import rls_context
from reports.library.actions import exemplars
from reports.library.models import Exemplar
from services.events.models import Signup, Visit
from services.proxy.models import ServiceRequest
from services.vacancies.models import Interest
from talent.pool import numbers
from talent.pool.models import TalentRecord
from talent.youth.models import Consent, Youth
from tests import test_access
from tests.conftest import as_owner
from tests.looking import looking
from tests.services import scene
from tests.walls import jpeg

cast, world = test_access.cast, test_access.world
PICTURES = (b"\xff\xd8\xff", b"\x89PNG")
# Shown to everybody, or to whoever may read what they illustrate: nobody's paper.
EXCUSED = ("groups", "events", "examples", "kit", "letters", "spots", "voices", "photos")
PLACE, WISH = "北营村 3 排 12 号", "爷爷耳背，请敲东边的窗"


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def story(world, zhang):
    """A draft with the person's picture, which is to be public, and with their signed paper."""
    with looking():
        made = Exemplar(organization_id="140105", name="任建军", title="养蜂", story="从头说起。")
        return exemplars.save_exemplar(made, actor=zhang, picture=jpeg(), paper=jpeg())


def plain_pictures(disk):
    files = (path for path in disk.rglob("*") if path.is_file())
    return {
        str(path.relative_to(disk)) for path in files if path.read_bytes()[:4].startswith(PICTURES)
    }


def kept_papers():
    with looking():
        return [
            *(row.paper for row in Consent.objects.exclude(paper="")),
            *(row.paper for row in TalentRecord.objects.exclude(paper="")),
            *(row.paper for row in Exemplar.objects.exclude(paper="")),
            *(row.consent_paper for row in ServiceRequest.objects.exclude(consent_paper="")),
        ]


def test_thief_of_the_disk_has_nobodys_signed_paper(world, story, disk):
    found = kept_papers()
    assert len({file.instance._meta.label for file in found}) == 4
    assert not [f.name for f in found if Path(f.path).read_bytes()[:4].startswith(PICTURES)]


def test_thief_of_the_disk_finds_pictures_that_were_meant_to_be_seen(world, story, disk):
    with looking():
        portraits = set(Exemplar.objects.exclude(picture="").values_list("picture", flat=True))
    found = plain_pictures(disk)
    assert story.picture.name in portraits & found
    assert {name for name in found - portraits if name.split("/")[0] not in EXCUSED} == set()


def pages_of_papers(world, story):
    return (
        f"/consents/{world['paper']['pk']}/paper/",
        f"/pool/{world['record']['pk']}/paper/",
        f"/exemplars/{story.pk}/paper/",
    )


def test_cadre_who_may_see_a_signed_paper_sees_it(world, story, zhang):
    desk = Client()
    desk.force_login(zhang)
    for page in pages_of_papers(world, story):
        answer = desk.get(page)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg"), page
        assert answer.content.startswith(PICTURES), page
        assert "no-store" in answer["Cache-Control"], page


def lay_plain(row, field):
    """As it was kept before papers were sealed. Returns: the file's name."""
    storage = getattr(row, field).storage
    name = storage.save("consents/2026/01/old.jpg", ContentFile(jpeg().read()))
    with looking():
        type(row).objects.filter(pk=row.pk).update(**{field: name})
    return name


@pytest.fixture
def old_papers(world, story):
    with looking():
        consent = Consent.objects.get(pk=world["paper"]["pk"])
        record = TalentRecord.objects.get(pk=world["record"]["pk"])
    return [lay_plain(row, "paper") for row in (consent, record, story)]


def test_paper_from_before_still_opens_and_is_sealed_at_the_next_start(
    world, story, old_papers, zhang, disk, capsys, django_capture_on_commit_callbacks
):
    desk = Client()
    desk.force_login(zhang)
    before = [desk.get(page).content for page in pages_of_papers(world, story)]
    assert all(paper.startswith(PICTURES) for paper in before)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("seal_papers")
    assert "3 份" in capsys.readouterr().out
    assert not plain_pictures(disk) & set(old_papers)
    assert [desk.get(page).content for page in pages_of_papers(world, story)] == before
    call_command("seal_papers")  # again, as at every start
    assert not capsys.readouterr().out


def test_paper_that_two_records_share_is_sealed_for_both(
    world, old_papers, capsys, django_capture_on_commit_callbacks
):
    with looking():
        record = TalentRecord.objects.get(pk=world["record"]["pk"])
        other = TalentRecord.objects.exclude(pk=record.pk).first()
        TalentRecord.objects.filter(pk=other.pk).update(paper=record.paper.name)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("seal_papers")
    with looking():
        for row in TalentRecord.objects.filter(pk__in=(record.pk, other.pk)):
            assert row.paper.opened().startswith(PICTURES)


def test_paper_is_not_sealed_while_a_backup_names_it(
    world, old_papers, disk, capsys, django_capture_on_commit_callbacks
):
    """The rows of the backup would name what is gone when its files are copied."""
    here = connection.get_connection_params()
    with closing(psycopg2.connect(**here)) as backup, backup.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [BACKING_UP])
        with django_capture_on_commit_callbacks(execute=True):
            call_command("seal_papers")
    assert "3 份签字材料先不加密" in capsys.readouterr().err
    assert set(old_papers) <= plain_pictures(disk)


def test_start_goes_on_when_an_old_paper_is_lost(world, old_papers, disk, capsys):
    (disk / old_papers[0]).unlink()
    call_command("seal_papers")
    said = capsys.readouterr()
    assert "2 份" in said.out
    assert "1 份" in said.err
    assert old_papers[0] in said.err


def raw(column, case):
    with looking(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM proxy_servicerequest WHERE id = %s", [case.pk])
        return cursor.fetchone()[0]


@pytest.fixture
def visited(world, zhang):
    from services.proxy.models import ServiceItem

    item = ServiceItem.objects.select_related("published__item").get(pk=world["service"]["pk"])
    return scene.at_the_door(
        zhang, item, name="孙奶奶", phone="13800006123", way="visit", place=PLACE, wish=WISH
    )


def test_thief_of_a_back_up_reads_no_address_and_no_words(visited):
    for column, text in (("place", PLACE), ("wish", WISH)):
        assert raw(column, visited) not in ("", text)
        assert raw(column, visited).isascii()


def test_agent_reads_where_to_go(visited, zhang):
    desk = Client()
    desk.force_login(zhang)
    desk.post(f"/proxy/cases/{visited.pk}/take/")
    page = desk.get(f"/proxy/cases/{visited.pk}/").content.decode()
    assert PLACE in page
    assert WISH in page


def test_same_address_twice_is_not_seen_to_be_the_same(visited):
    sealed = raw("place", visited)
    with looking():
        ServiceRequest.objects.filter(pk=visited.pk).update(place=PLACE)
        assert ServiceRequest.objects.get(pk=visited.pk).place == PLACE
    assert raw("place", visited) != sealed


def test_forgotten_address_is_empty_and_not_sealed(visited):
    with looking():
        ServiceRequest.objects.filter(pk=visited.pk).update(place="", wish="", erased_at=now())
    assert (raw("place", visited), raw("wish", visited)) == ("", "")


def test_nobody_searches_in_sealed_words():
    from django.core.exceptions import FieldError

    for asked in ({"place": PLACE}, {"wish__contains": "爷爷"}, {"place__in": [PLACE]}):
        with pytest.raises(FieldError, match="Unsupported lookup"):
            ServiceRequest.objects.filter(**asked)


def test_update_seals_the_addresses_of_before(visited):
    from importlib import import_module

    sealing = import_module("services.proxy.migrations.0005_addresses_are_sealed")
    with looking(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE proxy_servicerequest SET place = %s, wish = %s WHERE id = %s",
            [PLACE, WISH, visited.pk],
        )
    with looking(), connection.schema_editor() as editor:
        sealing.seal_all(None, editor)
    assert PLACE not in raw("place", visited)
    with looking():
        again = ServiceRequest.objects.get(pk=visited.pk)
    assert (again.place, again.wish) == (PLACE, WISH)
    with looking(), connection.schema_editor() as editor:
        sealing.open_all(None, editor)
    assert (raw("place", visited), raw("wish", visited)) == (PLACE, WISH)


# Columns in which a number or an address stands as it is, and why it may.
IN_THE_CLEAR = {
    ("events_event", "contact_phone"): "the unit's own, printed on the poster",
    ("talent_hometown", "phone"): "the office's, on the page of the county",
    ("talent_hometown", "address"): "the office's, on the page of the county",
    ("reports_papersection", "content"): "whom a unit names as its contact in a paper it sends up",
    ("reports_paperversion", "content"): "the same, as it was sent",
}
ANY_COLUMN = """
SELECT DISTINCT c.name FROM {table} t, jsonb_each_text(to_jsonb(t)) AS c (name, said)
WHERE c.said ILIKE ANY (%s)
"""


def tables(cursor):
    cursor.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
    )
    return [name for (name,) in cursor.fetchall()]


def in_the_clear(words):
    """(table, column) wherever one of the words stands, as text or as the bytes of a text."""
    every = [f"%{form}%" for word in words for form in (word, word.encode().hex())]
    found = set()
    with as_owner() as cursor:
        for table in tables(cursor):
            with transaction.atomic():  # a thief of the disk meets no wall
                cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
                cursor.execute(ANY_COLUMN.format(table=table), [every])
                found |= {(table, column) for (column,) in cursor.fetchall()}
                transaction.set_rollback(True)
    return found


def numbers_and_addresses():
    """Of everybody whom the stories have brought in."""
    found = set()
    with looking():
        for model, *names in KEPT:
            for row in model.objects.values_list(*names):
                found |= set(row)
        found |= {numbers.open_phone(row.phone_sealed) for row in TalentRecord.objects.all()}
    with rls_context(scope="140105"):
        found |= {visit.place for visit in Visit.objects.all()}
    return {word for word in found if word and len(word) > 5}


KEPT = (
    (User, "phone", "landline"),
    (Invitation, "phone"),
    (Youth, "phone"),
    (Signup, "phone"),
    (Interest, "phone"),
    (ServiceRequest, "phone", "landline", "place"),
)


def test_thief_of_a_back_up_reads_no_number_and_no_address(world, story, visited):
    words = numbers_and_addresses()
    assert {PLACE, "13800006123", "13800009001", "13800008001"} < words
    assert in_the_clear(words) - set(IN_THE_CLEAR) == set()


def test_walk_finds_what_lies_in_the_clear(world, visited):
    """Planted: a number in a note, and one as bytes."""
    with looking():
        note = visited.events.first()
        type(note).objects.filter(pk=note.pk).update(note="请打 13800006123。")
        visit = Visit.objects.first()
        Visit.objects.filter(pk=visit.pk).update(sealed_name=b"13800006123")
    found = in_the_clear({"13800006123"})
    assert {("proxy_caseevent", "note"), ("events_visit", "sealed_name")} <= found


@pytest.mark.parametrize("model", [Youth, Signup, Interest, ServiceRequest])
def test_every_number_of_the_stories_has_its_mark(world, visited, model):
    with looking():
        rows = list(model.objects.values_list("phone", "phone_mark"))
    assert any(phone for phone, _ in rows)
    assert [mark for _, mark in rows] == [phone_mark(p) if p else None for p, _ in rows]


def test_thief_of_the_disk_reads_no_number(world, story, disk):
    words = {word.encode() for word in numbers_and_addresses()}
    files = [path for path in disk.rglob("*") if path.is_file()]
    assert files
    assert not [path.name for path in files if any(word in path.read_bytes() for word in words)]
