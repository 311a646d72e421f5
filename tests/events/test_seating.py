"""Rounds, by chance: nobody meets twice, nobody sits in two places, no meeting is given away."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from services.events import seating


@st.composite
def evenings(draw):
    men = list(range(1, draw(st.integers(1, 9)) + 1))
    women = list(range(101, 101 + draw(st.integers(1, 9))))
    pairs = [(man, woman) for man in men for woman in women]
    suitable = set(draw(st.lists(st.sampled_from(pairs), unique=True, max_size=len(pairs))))
    return men, women, suitable, draw(st.integers(1, 7))


def most_meetings(men, women, suitable, count):
    """The most there can be: a flow in which nobody has more than ``count``."""
    place = {person: at for at, person in enumerate([*men, *women], 1)}
    size = len(place) + 2
    room = np.zeros((size, size), dtype=np.int32)
    for man in men:
        room[0, place[man]] = count
    for woman in women:
        room[place[woman], size - 1] = count
    for man, woman in suitable:
        room[place[man], place[woman]] = 1
    return maximum_flow(csr_matrix(room), 0, size - 1).flow_value


@settings(max_examples=300, deadline=None)
@given(evenings())
def test_rounds_are_right(evening):
    men, women, suitable, count = evening
    rounds = seating.rounds(men, women, suitable, count)
    assert len(rounds) <= count
    met = set()
    for pairs in rounds:
        people = [person for pair in pairs for person in pair]
        assert len(people) == len(set(people))  # nobody in two places
        assert set(pairs) <= suitable
        assert not set(pairs) & met  # nobody meets twice
        met |= set(pairs)
    assert len(met) == most_meetings(men, women, suitable, count)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 7))
def test_nobody_sits_out_while_others_meet_many(men, women, count):
    """Where everybody suits everybody, two of a side differ by one meeting at most."""
    left, right = range(1, men + 1), range(101, 101 + women)
    suitable = {(man, woman) for man in left for woman in right}
    met = [pair for pairs in seating.rounds(left, right, suitable, count) for pair in pairs]
    for at, side in enumerate((left, right)):
        times = [sum(pair[at] == person for pair in met) for person in side]
        assert max(times) - min(times) <= 1


def test_rounds_are_the_same_whenever_they_are_made():
    men, women = range(1, 8), range(101, 108)
    suitable = {(m, w) for m in men for w in women if (m + w) % 3}
    assert seating.rounds(men, women, suitable, 4) == seating.rounds(men, women, suitable, 4)
