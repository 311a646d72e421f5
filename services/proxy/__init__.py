"""民事代办 green channel: a county's checklist, and each request carried to its end."""
