"""`/healthz`, `/readyz` and `/metrics`: for whoever runs the server."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.api.asked import Answers, problem_responses
from app.example import example
from app.metrics import CONTENT_TYPE
from app.models import HealthAnswer, ReadyAnswer

router = APIRouter(tags=["operations"])


@router.get(
    "/healthz",
    summary="Whether the process answers",
    responses={200: {"content": {"application/json": {"example": example("health")}}}},
)
def healthz() -> HealthAnswer:
    """Always ok: a process that does not answer this should be started anew."""
    return HealthAnswer()


@router.get(
    "/readyz",
    summary="Whether the library can be searched",
    responses={200: {"content": {"application/json": {"example": example("ready")}}}, **problem_responses()},
)
def readyz(answers: Answers) -> ReadyAnswer:
    """The generation that is served; 503 while there is none."""
    return answers.ready()


@router.get(
    "/metrics",
    summary="Counters for Prometheus",
    response_class=Response,
    responses={
        200: {
            "content": {"text/plain": {"example": "# TYPE verbatim_ready gauge\nverbatim_ready 1.0\n"}},
            "description": "Prometheus's text format",
        }
    },
)
def metrics(request: Request) -> Response:
    """Requests by route and status, their times, and what is served."""
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE)
