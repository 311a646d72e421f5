"""How an edition stands: boards, what is asked of whom, copies, files of all of it."""
