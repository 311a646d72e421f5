"""How pictures look, in 64 bits, so that one used twice is found though it was saved anew.

A difference hash: the picture shrunk to 9 by 8 greys, each bit says whether a point is brighter
than its neighbour. The same picture in another size or quality differs in a few bits.
"""

from itertools import pairwise

from PIL import Image

from qingchun.ground.lazily import Later

np = Later("numpy")

WIDTH, HEIGHT = 9, 8
MOST_BITS = 3  # that differ; fewer than the bands, so that one band is the same in both
BANDS = 4
# A band that so many pictures share, a white sky perhaps, tells nothing: the other bands do.
MOST_STEPS = 500
PLAIN = 6  # bits: a picture of one colour looks like any other


def look_of(image):
    """A signed whole number of 64 bits; 0 of a picture with too little in it to tell."""
    small = image.convert("L").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    greys = small.tobytes()
    rows = [greys[at : at + WIDTH] for at in range(0, len(greys), WIDTH)]
    bits = "".join(str(int(right > left)) for row in rows for left, right in pairwise(row))
    if min(bits.count("1"), bits.count("0")) < PLAIN:
        return 0
    return int.from_bytes(int(bits, 2).to_bytes(8, "big"), "big", signed=True)


def alike(looks):
    """Pairs of positions whose looks differ in at most ``MOST_BITS`` bits, earlier one first.

    Of looks that are quite the same each is paired with the first alone.
    """
    looks = np.asarray(looks, dtype=np.int64).view(np.uint64)
    firsts, found = {}, set()
    for position, look in enumerate(looks.tolist()):
        if not look:
            continue
        first = firsts.setdefault(look, position)
        if first != position:
            found.add((first, position))
    positions = np.fromiter(firsts.values(), dtype=np.int64, count=len(firsts))
    distinct = looks[positions]
    for band in range(BANDS):
        part = (distinct >> np.uint64(16 * band)) & np.uint64(0xFFFF)
        order = np.argsort(part, kind="stable")
        found |= _near(part[order], distinct[order], positions[order])
    return sorted(found)


def _near(part, looks, positions):
    """Pairs of those that share a band, sorted by it: each beside the next, the one after, …"""
    found, here = set(), np.arange(len(part))
    for step in range(1, MOST_STEPS):
        here = here[: np.searchsorted(here, len(part) - step)]
        here = here[part[here + step] == part[here]]
        if not len(here):
            break
        close = here[np.bitwise_count(looks[here + step] ^ looks[here]) <= MOST_BITS]
        pairs = np.stack([positions[close], positions[close + step]], axis=1)
        found |= {tuple(sorted(pair)) for pair in pairs.tolist()}
    return found
