"""Everything that changes a plan. Pages and API all come through here."""
