"""People and programs: the HTTP API, the pages, the command line and citations. Depends on all three rooms."""
