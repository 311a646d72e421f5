"""Workbooks in: what a file is, then its rows. Nothing else in the portal opens one."""
