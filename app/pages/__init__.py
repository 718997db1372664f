"""The pages for people, as HTML that works without JavaScript: search, read, check, documents, the tray.

They ask `app.service` as the API does; templates hold no logic beyond loops and choices.
"""

from fastapi import APIRouter

from app.pages import check, documents, opensearch, read, search, tray

router = APIRouter(include_in_schema=False)
for page in (search, read, check, documents, tray, opensearch):
    router.include_router(page.router)
