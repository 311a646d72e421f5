"""allauth's limits, counted where ours are.

The library counts in the cache, as a list of moments under a lock of the cache's: while Redis is
away each try of a password would be the first, and a one-time password could be used twice.
"""

from allauth.core.internal import ratelimit
from allauth.mfa.totp.internal import auth as totp

from qingchun.accounts import tries


class Usage(ratelimit.SingleRateLimitUsage):
    def rollback(self):
        tries.take_back(self.cache_key)


def consume(request, *, rate, dry_run=False, raise_exception=False, **what):
    """One more, where there is room for it: so many from the first of them on."""
    name = ratelimit.get_cache_key(request, rate=rate, **what)
    times = tries.seen(name) + 1 if dry_run else tries.count({name: rate.duration})[name]
    if times <= rate.amount:
        return Usage(cache_key=name, cache_duration=rate.duration, timestamp=0)
    if raise_exception:
        raise ratelimit.RateLimited
    return None


def clear(request, *, app="allauth.account", action, config=None, **who):
    names = [
        ratelimit.get_cache_key(request, app=app, action=action, rate=rate, **who)
        for rate in ratelimit.get_rates(app=app, action=action, config=config)
    ]
    if names:
        tries.forget(*names)


class Spent:
    """What the library asks of the cache for a one-time password: whether it is the first time."""

    def add(self, key, value, timeout):
        return tries.once(key, timeout)


def take_over():
    ratelimit._consume_single_rate = consume
    ratelimit.clear = clear
    totp.cache = Spent()
