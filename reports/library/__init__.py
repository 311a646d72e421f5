"""What is kept for others: practices, exemplars, policies, publicity."""
