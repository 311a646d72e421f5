"""Papers as files: Word, tables, pictures."""
