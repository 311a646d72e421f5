"""Papers, boards and pictures as files; each a function of plain things, without HTTP."""
