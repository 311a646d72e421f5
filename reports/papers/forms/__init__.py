"""What is filled in for plans, summaries and reminders."""
