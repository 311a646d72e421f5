"""How a portal is kept running: backups, keys, what is wrong with a set-up, whether all is well."""
