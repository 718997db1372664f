"""Makes the example answers that the API's description shows: real answers of a server over the bundled corpus.

`scripts/make-examples` runs it; `test_examples.py` checks that what it wrote is still true.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from app.listening import make_ready
from app.server import create_app
from app.settings import Settings, load_settings
from tests.shared import REPOSITORY

EXAMPLES = REPOSITORY / "app" / "examples"
PAPER = "ngo-committee-on-migration-2011"
QUESTION = "portability of social security entitlements"
_MOST_OF_A_LIST = 2


def requests(client: TestClient) -> dict[str, str]:
    """The request of each example, by the example's name."""
    found = client.get("/v1/search", params={"q": QUESTION, "limit": 1}).json()["results"][0]
    passage, quote = found["passage"]["id"], found["quote"]
    return {
        "search": f"/v1/search?q={QUESTION.replace(' ', '+')}&limit=1&context=1",
        "passage": f"/v1/passages/{passage}?context=1",
        "similar": f"/v1/passages/{passage}/similar?limit=1",
        "citation": f"/v1/passages/{passage}/citation",
        "documents": "/v1/documents?limit=2",
        "document": f"/v1/documents/{PAPER}",
        "references": f"/v1/documents/{PAPER}/references",
        "health": "/healthz",
        "ready": "/readyz",
        "text": f"/v1/documents/{PAPER}/text?start={quote['start']}&end={quote['end']}",
        "annotation": f"/v1/documents/{PAPER}/annotation?start={quote['start']}&end={quote['end']}",
    }


def shortened(value: Any) -> Any:
    """The answer with long lists of objects cut: an example is read by people."""
    if isinstance(value, dict):
        return {key: shortened(part) for key, part in value.items()}
    if isinstance(value, list):
        objects = bool(value) and isinstance(value[0], dict)
        return [shortened(part) for part in (value[:_MOST_OF_A_LIST] if objects else value)]
    return value


def write(settings: Settings) -> None:
    """Write every example."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        for name, request in requests(client).items():
            answer = client.get(request)
            answer.raise_for_status()
            example = shortened(answer.json()) if "json" in answer.headers["content-type"] else answer.text
            text = json.dumps(example, ensure_ascii=False, indent=2)
            (EXAMPLES / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = load_settings(library=Path(folder) / "library")
        make_ready(made, lambda *_: None, print)
        write(made)
