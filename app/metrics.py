"""Counts what the server does, for Prometheus: requests by route and status, how long they took, what is served."""

from __future__ import annotations

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.serving import Serving

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The counters of one server."""

    def __init__(self, serving: Serving) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "verbatim_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "verbatim_request_seconds", "Time to answer", ("route",), buckets=_BUCKETS, registry=self.registry
        )
        self.registry.register(_Served(serving))

    def text(self) -> bytes:
        """In Prometheus's text format."""
        return generate_latest(self.registry)


class _Served(Collector):
    """What is served, read when it is asked for."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving

    def collect(self) -> Iterator[Metric]:
        generation = self.serving.served
        values = {
            "verbatim_ready": ("Whether a generation is served", generation is not None),
            "verbatim_generation": ("Number of the generation served", generation.number if generation else 0),
            "verbatim_documents": ("Documents in it", len(generation.records) if generation else 0),
            "verbatim_generation_swaps": ("Changes to another generation since the start", self.serving.swaps),
            "verbatim_generation_failed": ("Whether the newest could not be opened", self.serving.problem is not None),
        }
        for name, (help_, value) in values.items():
            yield GaugeMetricFamily(name, help_, value=float(value))


class CountRequests:
    """ASGI middleware that counts and times every request under its route's template, so that labels stay few."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def send_noticing_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noticing_status)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self.metrics.requests.labels(method, route, str(status)).inc()
            self.metrics.seconds.labels(route).observe(time.perf_counter() - started)
