"""Whom to ring: the one answer wherever a page says that somebody may be rung.

The nearest office that has said its number: the township's, the county's, the city's, the
province's; else the League's own line, which is the same in the whole country.
"""

from typing import NamedTuple

from qingchun.ground.portal import answers


class Office(NamedTuple):
    name: str
    phone: str

    @property
    def said(self) -> str:
        """As a sentence has it: 0351-7175001（团小店区委）."""
        return f"{self.phone}（{self.name}）"


HOTLINE = Office("青少年服务热线", "12355")


def whom_to_ring(code: str = "") -> Office:
    """``code``: of the place that it is about; without one nobody is asked."""
    found = (office for nearest in answers("offices") if code and (office := nearest(code)))
    return next(found, HOTLINE)
