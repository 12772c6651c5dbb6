"""Back to a page after what was asked for is done, so that asking for it again does nothing."""

from fastapi.responses import RedirectResponse


def back(page: str, said: str = "", **more: str) -> RedirectResponse:
    """Leads to /app/{page}, which tells what was done: `said` is a name that the page knows."""
    asked = "&".join(f"{name}={value}" for name, value in {"said": said, **more}.items() if value)
    return RedirectResponse(f"/app/{page}?{asked}" if asked else f"/app/{page}", status_code=303)
