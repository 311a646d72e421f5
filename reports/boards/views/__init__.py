"""Pages of how an edition stands."""
