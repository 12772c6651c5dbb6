"""/docs: the API, to read and to try, in Swagger UI, whose files come out of a package and from nowhere else."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from standby.web.pages import render

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs() -> HTMLResponse:
    return render("docs.html")


def install(app: FastAPI) -> None:
    """Adds the page and the files that it is made of."""
    app.include_router(router)
    app.mount("/docs-files", StaticFiles(directory=_swagger_files()))


def _swagger_files() -> Path:
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise ImportError("fastapi-offline is not installed", name="fastapi_offline")
    return Path(spec.origin).parent / "static"
