"""The drill that ``make drill`` does at large, here small: nothing that was acknowledged is lost."""

from tests import drill


def test_what_was_written_while_the_backup_ran_comes_back(tmp_path):
    said = []
    rows = drill.drill(tmp_path, enough=6, say=said.append)
    assert rows > 5000
    assert "都在" in said[0]
