"""A question that is put into words once.

Django words a queryset anew each time it is asked, which takes several times as long as the answer
of one row. For the few that stand behind every page and every step.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Worded:
    """``make``: () -> the queryset, asking of ``stand_in``; ``ask`` asks the same of somebody else.

    Needs: a ``stand_in`` that is no other value in the question.
    """

    def __init__(self, make: Callable[[], QuerySet], stand_in: Any) -> None:
        self._make, self._stand_in = make, stand_in

    @cached_property
    def _words(self) -> tuple[QuerySet, SQLCompiler, str, tuple]:
        asked = self._make()
        compiler = asked.query.get_compiler(asked.db)
        return asked, compiler, *compiler.as_sql()

    def ask(self, value: Any) -> QuerySet:
        """The queryset, to be read as it is: what it is narrowed to further is not asked."""
        made, worded, sql, params = self._words
        given = [value if param == self._stand_in else param for param in params]
        compiler = copy(worded)
        compiler.connection = connections[made.db]
        compiler.as_sql = lambda *_, **__: (sql, given)
        asked = made.all()
        asked.query.get_compiler = lambda *_, **__: compiler
        return asked


def locked_row_of(model: type[Model]) -> Worded:
    """What stands in the row of an id, locked."""
    nobody = model._meta.pk.to_python(0)
    locked = model._base_manager.select_for_update()
    return Worded(lambda: locked.filter(pk=nobody).values(), nobody)
