"""The HTTP API under /v1: one module a noun, each route a call to `app.service` and nothing else."""
