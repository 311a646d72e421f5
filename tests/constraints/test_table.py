"""No constraint without a refusal before it: a new one needs a line in the table, or a try."""

import re

from django.apps import apps

from tests.constraints.table import MET, NO_WAY
from tests.constraints.test_tries import TRIES
from tests.our_forms import APPS, ROOT, sources


def constraints():
    """The name of each constraint; of a column that is unique by itself, its model and name."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] in APPS and not model._meta.proxy:
            yield from (constraint.name for constraint in model._meta.constraints)
            for field in model._meta.local_fields:
                if field.unique and not field.primary_key:
                    yield f"{model.__name__}.{field.name}"


def test_every_constraint_has_a_line():
    listed = [*MET, *NO_WAY, *TRIES]
    assert len(listed) == len(set(listed))
    assert set(listed) ^ set(constraints()) == set()


def test_words_that_another_test_reads_are_said_by_us_and_read_there():
    said = "".join(path.read_text(encoding="utf-8") for path in sources())
    for name, (file, words) in MET.items():
        assert words in (ROOT / "tests" / file).read_text(encoding="utf-8"), name
        if re.search(r"[一-龥]", words):
            assert words.replace("5", "{MOST_CHOICES}") in said or words in said, name
