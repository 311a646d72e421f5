"""Plans and summaries: written, sent, reviewed, sealed, compiled."""
