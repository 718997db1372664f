"""Makes the ASGI app: the API under /v1, the pages, and what runs a server, over one library folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from app import pages, reference
from app.api import documents, operations, passages, quotes, search
from app.api.asked import problem_responses
from app.api.known_parameters import refuse_unknown_parameters
from app.citation.unapi import unapi_router
from app.export_routes import export_router
from app.guards import BodyLimit, HeadAsGet, SecurityHeaders
from app.metrics import CountRequests, Metrics
from app.openapi import install_openapi
from app.opened import serving_of
from app.pages.problem_page import ProblemPages
from app.problems import install_problems
from app.service import Service
from app.settings import Settings
from app.static_files import mount_static
from app.version import VERSION
from corpus.catalogue import load_catalogue

_DESCRIPTION = """\
Semantic search over migration texts for advocates: every quote is a substring of the document it cites, at the offsets
it states, and every citation leads a reader to that place. Offsets are Unicode code points of a document's canonical
text, end exclusive. Errors are RFC 9457 problem details."""


def create_app(settings: Settings) -> FastAPI:
    """The app over the library that the settings name. It starts without an index, and notices when there is one.

    :raises corpus.catalogue.CatalogueError: when the catalogue is wrong.
    """
    serving = serving_of(settings)
    service = Service(serving, load_catalogue(settings.catalogue), settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        await anyio.to_thread.run_sync(serving.start)
        yield
        await anyio.to_thread.run_sync(serving.stop)

    app = FastAPI(
        title="Verbatim",
        version=VERSION,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.metrics = Metrics(serving)
    install_problems(app)
    install_openapi(app)
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(ProblemPages)
    app.add_middleware(GZipMiddleware, compresslevel=6)
    app.add_middleware(HeadAsGet)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(CountRequests, metrics=app.state.metrics)
    for room in (search, passages, documents, quotes, operations):
        app.include_router(room.router, dependencies=[Depends(refuse_unknown_parameters)])
    app.include_router(
        export_router(service.quoted),
        dependencies=[Depends(refuse_unknown_parameters)],
        responses=problem_responses(404, 413),
        tags=["quotes"],
    )
    app.include_router(reference.router)
    app.include_router(unapi_router(service.citable))
    app.include_router(pages.router)
    mount_static(app)
    return app
