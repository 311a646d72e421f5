"""Pages of the pool: for the cadres near home, and for whoever is in it."""
