"""What goes up the tree: plans and their review, and the boards that count the log."""
