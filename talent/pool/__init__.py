"""The talent pool: records, talks, offers, spreadsheets in and out."""
