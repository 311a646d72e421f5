import signal

import pytest

from tests.cluster.store import ObjectStore


@pytest.fixture(scope="session")
def object_store(tmp_path_factory):
    """One store for all of them; a test has a folder of its own in it."""
    with ObjectStore(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture
def in_store(settings, object_store):
    """Files are kept in the store."""
    options = object_store.options
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "qingchun.ground.s3.Store", "OPTIONS": options}
    }
    return object_store


@pytest.fixture
def in_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(params=["in_folder", "in_store"])
def kept_in(request):
    """Whatever follows holds for both."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def silent(in_store):
    """The store takes every question and answers none."""
    in_store.process.tell(signal.SIGSTOP)
    yield
    in_store.process.tell(signal.SIGCONT)
