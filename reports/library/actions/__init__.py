"""What is done, by whom: each a function that checks, writes, counts and tells."""
