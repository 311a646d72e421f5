"""Everything that changes an edition or its log. Pages, API, commands all come through here."""
