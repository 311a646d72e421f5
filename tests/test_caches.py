"""What stands in Redis is data: nothing that is read from it is run."""

import pickle

from django.core.cache import cache

from qingchun.ground.caches import Plain


def test_a13_value_that_would_run_something_is_read_as_nothing():
    """doors A13: whoever wrote to Redis ran code in the portal, since sessions were pickles."""

    key = cache.make_key("put-there-by-somebody")
    cache._cache.get_client(key, write=True).set(key, pickle.dumps({"a": 1}))
    assert (cache.get("put-there-by-somebody"), cache.get("nothing", 7)) == (None, 7)
    assert Plain().loads(pickle.dumps(3.5)) is None


def test_values_come_back_as_they_were_put():
    for value in (
        0,
        17,
        "四",
        "17",
        1.5,
        True,
        None,
        ["a", None],
        {"_auth_user_id": "7", "at": 1.5},
    ):
        cache.set("kept", value, 60)
        assert cache.get("kept") == value
    cache.set("counted", 3, 60)
    assert (cache.incr("counted"), cache.get("counted")) == (4, 4)


def test_many_names_are_counted_in_one_trip_each_from_its_own_first_time():
    assert cache.count({"a": 60, "b": 2}) == {"a": 1, "b": 1}
    assert cache.count({"a": 60, "c": 60}) == {"a": 2, "c": 1}
    client = cache._cache.get_client()
    assert client.ttl(cache.make_key("a")) <= 60
    assert client.ttl(cache.make_key("b")) <= 2
    client.persist(cache.make_key("a"))  # as where its time ended between two questions
    assert cache.count({"a": 30}) == {"a": 3}
    assert 0 < client.ttl(cache.make_key("a")) <= 30
