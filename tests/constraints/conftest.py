from tests.talent.conftest import enter, group  # noqa: F401
