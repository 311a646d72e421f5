"""What is done with people, their posts, and what opens doors for them."""
