"""The keys of a portal: known at each start, opened, turned."""

import pytest
from django.core.management import CommandError, call_command

from qingchun.ground import sealing
from qingchun.operations import keys, resealing
from qingchun.operations.models import Installation
from tests.conftest import as_owner
from tests.operations import scene

everything, disk = scene.everything, scene.disk
OTHER = "another-key-of-another-portal-000000000000000000"


def test_prepare_wrote_a_probe_that_the_keys_open(db):
    assert Installation.objects.get().probe
    assert keys.wrong_keys() is None


def test_start_with_another_secret_is_refused_in_one_sentence(db, settings):
    settings.SECRET_KEY, old = OTHER, settings.SECRET_KEY
    assert keys.wrong_keys() == keys.CANNOT_OPEN
    with as_owner(), pytest.raises(CommandError, match=r"^SECRET_KEY 打不开"):
        call_command("prepare")
    settings.SECRET_KEY_FALLBACKS = [old]
    assert keys.wrong_keys() is None


def test_start_with_another_index_key_is_refused_in_one_sentence(db, settings):
    settings.INDEX_KEY = OTHER
    assert keys.wrong_keys() == keys.CANNOT_FIND


def test_probe_is_never_written_over(db, settings):
    before = Installation.objects.values().get()
    settings.SECRET_KEY = OTHER
    with as_owner():
        keys.write_probe()
    assert Installation.objects.values().get() == before


def test_database_from_before_gets_its_probe(db):
    with as_owner():
        Installation.objects.all().delete()
        assert keys.wrong_keys() is None
        keys.write_probe()
    assert keys.wrong_keys() is None
    assert sealing.unseal(Installation.objects.get().probe, keys.WHAT) == keys.WORDS


@pytest.mark.parametrize(
    ("name", "said"), [("SECRET_KEY", keys.CANNOT_OPEN), ("INDEX_KEY", keys.CANNOT_FIND)]
)
def test_database_from_before_is_not_marked_with_wrong_keys(everything, settings, name, said):
    with as_owner():
        Installation.objects.all().delete()
    assert resealing.wrong_with_data() is None
    setattr(settings, name, OTHER)
    assert resealing.wrong_with_data() == said
