"""A spreadsheet on its way into the talent pool: guarded, read, understood, checked, staged."""
