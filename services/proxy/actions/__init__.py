"""The green channel's verbs: asking, carrying, papers, mandates, slots, trips, items, after."""
