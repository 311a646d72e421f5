"""Who gets which post: as many first wishes as there can be, then second ones, and so on.

Pure: ids in, ids out. Rank-maximal: no other placement has more people at their first wish; of those
with as many, none has more at their second; … So nobody is left below a wish whose post has room,
and no two people would both rather change with each other. Every stage is a linear programme over
a bipartite graph, whose corners are whole numbers (Birkhoff), solved by HiGHS within scipy; the
stages before are held fast by equations, which cut off a face of the same polytope. Between equals the
one whose home is nearer, then a lot that is the same however often it is drawn.
"""

import hashlib

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, vstack


def place(wishes, capacities, distance=None, seed=""):
    """``wishes``: person → posts in their order; ``capacities``: post → places.

    ``distance``: (person, post) → a whole number, small when the post is near home.
    Returns: person → (post, which wish, from 1); people without a place are missing.
    """
    posts = {post: row for row, (post, room) in enumerate(capacities.items()) if room > 0}
    people = list(wishes)
    edges = [
        (who, post, rank)
        for who, person in enumerate(people)
        for rank, post in enumerate(wishes[person], 1)
        if post in posts
    ]
    if not edges:
        return {}
    count, columns = len(edges), np.arange(len(edges))
    of_person = coo_matrix(
        (np.ones(count), ([e[0] for e in edges], columns)), shape=(len(people), count)
    )
    rows = sorted({posts[e[1]] for e in edges})
    row_of = {row: at for at, row in enumerate(rows)}
    of_post = coo_matrix(
        (np.ones(count), ([row_of[posts[e[1]]] for e in edges], columns)),
        shape=(len(rows), count),
    )
    room = np.array(list(capacities.values()), dtype=float)
    limits = vstack([of_person, of_post]).tocsr()
    bounds = np.concatenate([np.ones(len(people)), room[rows]])
    ranks = np.array([e[2] for e in edges])
    held, sums = [], []
    last = int(ranks.max())
    for rank in range(1, last + 1, 2):
        # Two stages at once: one more at the first is worth more than everybody at the second.
        stages = [(ranks == at).astype(float) for at in (rank, rank + 1) if at <= last]
        worth = [len(people) + 1, 1][-len(stages) :]
        found = _best(
            -sum(w * s for w, s in zip(worth, stages, strict=True)), limits, bounds, held, sums
        )
        held += stages
        sums += [round(stage @ found) for stage in stages]
    cost = np.array([_lot(people[w], post, seed) for w, post, _ in edges])
    if distance:
        cost += np.array([distance.get((people[w], post), 9) for w, post, _ in edges])
    found = _best(cost, limits, bounds, held, sums)
    return {
        people[who]: (post, rank)
        for (who, post, rank), taken in zip(edges, found, strict=True)
        if taken > 0.5
    }


def _best(cost, limits, bounds, held, sums):
    """A corner of least cost: whole numbers, within a solver's rounding."""
    fixed = {"A_eq": np.array(held), "b_eq": np.array(sums)} if held else {}
    done = linprog(cost, A_ub=limits, b_ub=bounds, bounds=(0, 1), method="highs-ds", **fixed)
    if done.status != 0:
        raise RuntimeError(f"placement: {done.message}")
    return np.round(done.x)


def _lot(person, post, seed):
    """Less than half a step of distance, the same in every run."""
    digest = hashlib.blake2b(f"{seed} {person} {post}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**33
