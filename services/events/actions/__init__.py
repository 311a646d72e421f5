"""Verbs of events: making, joining, the line, the door, afterwards; internships, warmth, evenings."""
