"""A spreadsheet on its way into the talent pool: understood, checked, staged."""
