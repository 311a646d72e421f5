"""Pages of events: for everybody, for whoever signs up, for the desk, for an evening."""
