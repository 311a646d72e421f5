"""How people of the pool are said, for records that a version before wrote, which knew of no pinyin."""

from django.db import transaction

from qingchun.organizations.walls import acting
from talent.pool.models import PoolWords, TalentRecord
from talent.pool.words import FIELDS, pairs_of

AT_ONCE = 2000


def write_unsaid() -> int:
    """Their words anew, some thousand in one transaction, so that whoever was stopped goes on where
    it was. Returns: how many."""
    done = 0
    while some := _write_some():
        done += some
    return done


@transaction.atomic
def _write_some() -> int:
    old = list(PoolWords.objects.filter(is_said=False)[:AT_ONCE])
    with acting("count"):
        records = TalentRecord.objects.only("organization", *FIELDS)
        there = records.in_bulk([words.pk for words in old])
    for words in old:
        words.is_said = True
        if record := there.get(words.pk):
            words.pairs = pairs_of(record)
    PoolWords.objects.bulk_update(old, ["pairs", "is_said"])
    return len(old)
