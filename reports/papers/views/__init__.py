"""Pages of plans and summaries."""
