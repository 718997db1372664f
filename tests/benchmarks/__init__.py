"""Measurements that docs quote; each is run by `python -m tests.benchmarks.NAME`."""
