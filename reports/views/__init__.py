"""Pages of papers, of the library, of boards, of what is asked below."""
