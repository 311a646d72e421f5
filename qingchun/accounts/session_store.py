"""Sessions in Redis and the database, by the digest of their key.

The key itself is in the cookie alone: whoever reads the table, a backup or Redis becomes nobody.
What is true of a session stands in the database. Redis holds it for a minute, and is not believed
where it may have missed something: who has left while it was away does not come back with it.

A session is written once a request, when that ends. A new key is there at once, its row is not: signing
in would write a row for the key, another time what is in it, and delete the one before. The row takes the
new key instead; until then it stands under the old one, which the answer to come replaces.
"""

import hashlib

from django.contrib.sessions.backends import cached_db
from django.utils.timezone import now

KEPT = 60  # seconds


def digest(key):
    """As long as the column takes; a key is random enough to need no salt."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class Brief:
    """The cache, as far as a session leans on it."""

    def __init__(self, cache):
        self.cache = cache
        self.delete = cache.delete

    def get(self, key):
        return None if self.cache.failed_within(KEPT) else self.cache.get(key)

    def set(self, key, data, seconds):
        self.cache.set(key, data, min(seconds, KEPT))

    def __contains__(self, key):
        return self.get(key) is not None


class SessionStore(cached_db.SessionStore):
    def __init__(self, session_key=None):
        super().__init__(session_key)
        self._cache = Brief(self._cache)
        self._is_new, self._row = False, None  # has a key but no row; the key its row has

    @property
    def cache_key(self):
        return self.cache_key_prefix + digest(self._get_or_create_session_key())

    def _get_session_from_db(self):
        kept = self.model.objects.filter(session_key=digest(self.session_key))
        found = kept.filter(expire_date__gt=now()).first()
        if found is None:
            self._session_key = None
        return found

    def create_model_instance(self, data):
        kept = super().create_model_instance(data)
        kept.session_key = digest(kept.session_key)
        return kept

    def create(self):
        self._session_key = self._get_new_session_key()
        self._get_session(no_load=True)  # nothing is there to be read
        self._is_new = self.modified = True

    def cycle_key(self):
        data, before = self._session, self._row if self._is_new else self.session_key
        self.create()
        self._session_cache, self._row = data, before

    def save(self, must_create=False):
        if self.session_key is None:
            self.create()
        if self._moved():
            self._cache.set(self.cache_key, self._session, self.get_expiry_age())
        else:  # somebody has ended it meanwhile, or there was none
            super().save(must_create or self._is_new)
        self._is_new, self._row = False, None

    def _moved(self):
        """Whether its row has taken the new key, and what it holds now."""
        if self._row is None:
            return False
        made, before = self.create_model_instance(self._session), digest(self._row)
        self._cache.delete(self.cache_key_prefix + before)
        return self.model.objects.filter(session_key=before).update(
            session_key=made.session_key,
            session_data=made.session_data,
            expire_date=made.expire_date,
        )

    def exists(self, session_key):
        return super().exists(digest(session_key))

    def delete(self, session_key=None):
        key = session_key or self._row or self.session_key
        if key is not None:
            super().delete(digest(key))

    def flush(self):
        self.clear()
        self.delete()
        self._session_key, self._is_new, self._row = None, False, None
