"""Pages out of templates/, and the files of static/ that they use."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.types import Scope

TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"


def render(template: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The template as a page. A name that the context lacks is an error, not an empty place."""
    return HTMLResponse(_templates.get_template(template).render(context), status_code=status)


def static_url(path: str) -> str:
    """The address of a static file. It changes with the file, so browsers may keep it for ever."""
    return f"/static/{path}?v={_version(path)}"


class Static(StaticFiles):
    """Serves static/: `app.mount("/static", Static())`."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        asked_for = parse_qs(scope["query_string"].decode("latin-1")).get("v")
        for_ever = asked_for == [_version(path)]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if for_ever else "no-cache"
        return response


@cache
def _version(path: str) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]


_templates: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["static_url"] = static_url
