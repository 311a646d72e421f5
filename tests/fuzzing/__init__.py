"""Every page, form and query string, tried with what nobody should send: see ``tests/fuzz.py``."""
