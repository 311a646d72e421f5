"""What leads here from a place's own page."""

from qingchun.ground.links import address_of
from qingchun.ground.portal import Way


def policies(code: str) -> Way:
    """The province's policies hold everywhere."""
    link = f"{address_of('reports:policies')}?home={code}"
    return Way("license", "green", "就业创业政策", "给谁、给多少、怎么办、到什么时候", link)
