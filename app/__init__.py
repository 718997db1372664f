"""People and programs: the HTTP API, the pages, the command line and citations. Uses all three rooms."""
