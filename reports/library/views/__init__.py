"""Pages of what is kept for others."""
