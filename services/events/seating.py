"""Rounds of an evening: everybody meets as many suitable people as time allows, nobody twice.

Pure: numbers in, numbers out. Whom to meet at all is a flow: each person as many others as there are
rounds. It is raised one meeting at a time for everybody, and a path that gives somebody one more
takes none from anybody else, so that nobody sits out while others meet many; the last flow is the
largest there is. That many meetings fit into the rounds, since a bipartite graph in which nobody
has more than R edges can be coloured with R colours (Kőnig), one colour a round.
"""

from collections import defaultdict


def rounds(men, women, suitable, count):
    """``men``, ``women``: numbers; ``suitable``: (man, woman) pairs that may meet; ``count``: rounds.

    Returns: a list of rounds, each a list of (man, woman). Fewer rounds when nobody is left to meet.
    """
    chosen = _whom_to_meet(sorted(men), sorted(women), suitable, count)
    coloured = _coloured(chosen, count)
    return [sorted(coloured[number]) for number in sorted(coloured)]


def _whom_to_meet(men, women, suitable, count):
    """The largest set of pairs in which nobody has more than ``count``, evenly spread."""
    of_man = defaultdict(list)
    places = {woman: at for at, woman in enumerate(women)}
    for man, woman in sorted(suitable):
        of_man[man].append(woman)
    for at, man in enumerate(men):
        # Each begins with somebody else, so that few paths have to be mended.
        of_man[man].sort(key=lambda woman, at=at: (places[woman] - at) % len(women))
    met = {person: set() for person in (*men, *women)}
    wanted = {woman for _, woman in suitable}
    for most in range(1, count + 1):
        for fewest in range(most):  # whoever has met fewest is next
            for man in [man for man in men if len(met[man]) == fewest]:
                # And comes to whoever of the women has met fewest, if there is a way to her.
                least = min((len(met[woman]) for woman in wanted), default=0)
                for hers in range(least + 1, count + 1):
                    if _one_more(man, hers, of_man, met):
                        break
    return {(man, woman) for man in men for woman in met[man]}


def _one_more(start, most, of_man, met):
    """Give one man one more meeting, along the shortest path that changes others' but takes none.

    From a man by a pair that is not chosen to a woman; from her, if she has her fill, back by one
    that is. The path is turned over at its end. Returns: whether there was one.
    """
    came_from, layer = {}, [start]
    seen = {start}
    while layer:
        following = []
        for man in layer:
            for woman in of_man[man]:
                if woman in seen or woman in met[man]:
                    continue
                seen.add(woman)
                came_from[woman] = man
                if len(met[woman]) < most:
                    _turn_over(woman, came_from, met)
                    return True
                for other in met[woman]:
                    if other not in seen:
                        seen.add(other)
                        came_from[other] = woman
                        following.append(other)
        layer = following
    return False


def _turn_over(woman, came_from, met):
    while True:
        man = came_from[woman]
        met[man].add(woman)
        met[woman].add(man)
        if man not in came_from:
            return
        woman = came_from[man]
        met[man].discard(woman)
        met[woman].discard(man)


def _coloured(pairs, count):
    """Each pair its round, so that nobody is in two places: {round: {(man, woman)}}."""
    at = defaultdict(dict)  # person → round → whom they meet
    for man, woman in sorted(pairs):
        mine = _free_round(at[man], count)
        hers = _free_round(at[woman], count)
        if mine != hers:
            _swap(woman, mine, hers, at)
        at[man][mine], at[woman][mine] = woman, man
    found = defaultdict(set)
    for man in {man for man, _ in pairs}:
        for number, woman in at[man].items():
            found[number].add((man, woman))
    return found


def _free_round(taken, count):
    return next(number for number in range(count) if number not in taken)


def _swap(start, mine, hers, at):
    """Along the way that alternates between two rounds from ``start``, change one for the other.

    ``mine`` becomes free for her. The way cannot come to the man, who has nobody in ``mine``.
    """
    way, person, number = [], start, mine
    while number in at[person]:
        other = at[person][number]
        way.append((person, other, number))
        person, number = other, hers if number == mine else mine
    for one, other, number in way:
        at[one].pop(number, None)
        at[other].pop(number, None)
    for one, other, number in way:
        changed = hers if number == mine else mine
        at[one][changed], at[other][changed] = other, one
