"""Pages of the green channel: for everybody, for whoever asked, for the desk, for figures."""
