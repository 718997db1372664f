"""Shows a problem to a person as a page: what a browser asks for outside `/v1` never answers with bare JSON."""

from __future__ import annotations

import json
from http import HTTPStatus

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.pages.rendering import render
from app.problems import MEDIA_TYPE


class ProblemPages:
    """Renders problem details as a page for whoever prefers one; the status stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"].startswith("/v1/") or not _prefers_page(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        held: Message | None = None
        body = b""

        async def send_as_page(message: Message) -> None:
            nonlocal held, body
            if message["type"] == "http.response.start" and Headers(scope=message).get("content-type") == MEDIA_TYPE:
                held = message
            elif held is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    content, language = _page(scope, body)
                    headers = MutableHeaders(scope=held)
                    headers["content-type"] = "text/html; charset=utf-8"
                    headers["content-length"] = str(len(content))
                    headers["content-language"] = language
                    headers["vary"] = "Accept, Accept-Language"
                    await send(held)
                    await send({"type": "http.response.body", "body": content})

        await self.app(scope, receive, send_as_page)


def _prefers_page(headers: Headers) -> bool:
    accepted = headers.get("accept", "")
    return "text/html" in accepted and "application/json" not in accepted


def _page(scope: Scope, body: bytes) -> tuple[bytes, str]:
    problem = json.loads(body)
    response = render(Request(scope), "problem.html", {"problem": problem, "about": HTTPStatus(problem["status"])})
    return bytes(response.body), response.headers["content-language"]
