"""Young people from Shanxi: check-in, liaison groups, questions; what home tells them."""
