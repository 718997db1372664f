"""The verbs of the command line, one module each; each imports what it needs when it runs: help is instant."""
