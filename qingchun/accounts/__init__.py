"""People, the posts they hold in units, how they sign in, and what they did."""
