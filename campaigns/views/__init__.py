"""Pages of the log: editions, entries, pictures, the calendar feed."""
