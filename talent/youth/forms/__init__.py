"""What people fill in about themselves, and cadres about them."""
