"""What is filled in about the green channel: asking, the desk, the checklist."""
