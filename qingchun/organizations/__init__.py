"""The League's own shape: who reports to whom, and the two walls around a unit's records."""
