"""What is filled in about events: by the desk, by whoever joins, for a step."""
