"""People and programs: the HTTP API, the pages, the command line and citations. Uses all three rooms."""

import logging

# Silent unless `serve` gives it a place to write: a command tells its errors itself.
logging.getLogger("verbatim").addHandler(logging.NullHandler())
