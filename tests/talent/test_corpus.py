"""Each sheet of the corpus becomes what its clerk expects, and no worker dies of one."""

import pytest

from tests.talent.bringing import people_in_the_pool
from tests.talent.corpus import CORPUS


@pytest.mark.parametrize("name", CORPUS)
def test_sheet_becomes_what_is_expected(bring, zhang, name):
    data, means = CORPUS[name]
    sheet = bring(zhang, data, "人才.xlsx" if data[:2] == b"PK" else "人才.csv")
    if isinstance(means, dict):
        assert (sheet.state, sheet.counts) == ("checked", means), sheet.trouble
    elif means == "mapping":
        assert sheet.state == means
    else:
        assert (sheet.state, means in sheet.trouble) == ("failed", True), sheet.trouble
    assert people_in_the_pool() == (0, 0)


def test_more_than_a_hundred_sheets_are_made():
    assert len(CORPUS) >= 100
