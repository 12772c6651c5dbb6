"""The web application, put together: API, pages, errors."""

from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match
from starlette.types import Scope

from standby import __version__
from standby.web import (
    api_docs,
    body_limit,
    demo_phones,
    entrance,
    errors,
    event_docs,
    headers,
    health,
    metrics,
    requests,
    webhooks,
)
from standby.web.admin import queue_pages
from standby.web.api import (
    admin,
    api_keys,
    audit,
    auth,
    auth_account,
    auth_codes,
    auth_links,
    bookings,
    calendar_feeds,
    calendars,
    closures,
    events,
    free_times,
    ical_calendars,
    inbox,
    insights,
    lifecycle,
    members,
    notices,
    offers,
    personal_data,
    preferences,
    public_bookings,
    public_salon,
    public_verifications,
    public_waitlist,
    queue,
    salon,
    slots,
    texts,
    usage,
    waitlist,
    webhook_deliveries,
    webhook_endpoints,
)
from standby.web.context import Web
from standby.web.dashboard import (
    api_keys_page,
    audit_page,
    calendar_booking_page,
    calendar_closure_page,
    calendar_new_page,
    calendar_page,
    calendars_page,
    channels_page,
    entry_form_page,
    entry_page,
    hours_page,
    import_page,
    insights_page,
    looks_page,
    members_page,
    messages_page,
    rules_page,
    services_page,
    settings_page,
    slot_page,
    staff_page,
    texts_page,
    today_page,
    waitlist_page,
    waitlist_ticked_page,
    webhooks_page,
    welcome_page,
)
from standby.web.pages import Static
from standby.web.public import (
    account_links_pages,
    account_pages,
    book_page,
    booking_page,
    calendar_feed,
    google_callback,
    my_data_page,
    my_page,
    offer_page,
    own_account_pages,
    salon_page,
    unsubscribe_page,
    wait_page,
    widget,
)

ABOUT = """Fills cancelled appointments from a waitlist.

Every answer that is an error is `{"error": {"code", "message", "details"}}` with a stable code.
Times are ISO 8601 with an offset. Lists are paged: pass `next_cursor` back as `cursor`.
A write with a token and a header `Idempotency-Key` (1 to 255 characters of your choice) happens once: sent again within
24 hours, it is answered as the first time, with `Idempotency-Replayed: true`. One that was refused may come again with
its key. Calendars, their feeds and webhooks take none, for answers that hold a secret are kept nowhere.
Below /api/public nobody signs in; a booking or joining there takes a key too.
"""


# In this order, as the docs list them.
API: Final = (
    waitlist,
    slots,
    bookings,
    free_times,
    queue,
    events,
    calendars,
    ical_calendars,
    calendar_feeds,
    preferences,
    personal_data,
    offers,
    inbox,
    notices,
    salon,
    closures,
    texts,
    usage,
    insights,
    audit,
    webhook_endpoints,
    webhook_deliveries,
    members,
    api_keys,
    auth,
    auth_links,
    auth_account,
    auth_codes,
    public_salon,
    public_verifications,
    public_bookings,
    public_waitlist,
    lifecycle,
)
PAGES: Final = (
    offer_page,
    booking_page,
    my_page,
    my_data_page,
    unsubscribe_page,
    widget,
    calendar_feed,
    google_callback,
    account_pages,
    account_links_pages,
    own_account_pages,
    settings_page,
    welcome_page,
    today_page,
    waitlist_page,
    waitlist_ticked_page,
    entry_form_page,
    entry_page,
    calendar_page,
    calendar_new_page,
    calendar_booking_page,
    calendar_closure_page,
    slot_page,
    messages_page,
    insights_page,
    looks_page,
    services_page,
    staff_page,
    hours_page,
    rules_page,
    texts_page,
    channels_page,
    webhooks_page,
    calendars_page,
    import_page,
    members_page,
    api_keys_page,
    audit_page,
    webhooks,
    health,
)


class _Routes(APIRouter):
    """A module's routes. Whose address begins like none of them passes them all at once.

    To look at every route of the program in turn took longer than most answers.
    """

    def __init__(self, router: APIRouter, prefix: str = "") -> None:
        super().__init__(routes=router.routes)
        paths = [route.path for route in router.routes if isinstance(route, APIRoute)]
        self._beginnings = tuple({prefix + path.partition("{")[0] for path in paths})

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return super().matches(scope) if scope["path"].startswith(self._beginnings) else (Match.NONE, {})


def create_app(web: Web) -> FastAPI:
    """The application that serves `web`."""
    app = FastAPI(
        title="Standby",
        version=__version__,
        description=ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # It would lead to where the request itself says that it was sent to.
    )
    app.state.web = web
    for part in [*API, *([admin] if web.watched else [])]:
        app.include_router(_Routes(part.router, "/api"), prefix="/api", responses=errors.ANSWERS)
    for page in [*PAGES, *([metrics, queue_pages] if web.watched else [])]:
        app.include_router(_Routes(page.router))
    # Pages are not packed: with somebody's own things and words from the address in one, its length would tell.
    app.mount("/static", GZipMiddleware(Static()))
    api_docs.install(app)
    event_docs.install(app)
    if web.phones is not None:
        app.include_router(demo_phones.router)
    # Last: what stands in the place of a salon's name is none, whatever its first part (tenants.RESERVED).
    app.include_router(book_page.router)
    app.include_router(widget.of_salon)
    app.include_router(wait_page.router)
    app.include_router(salon_page.router)
    errors.install(app)
    body_limit.install(app)
    entrance.install(app)
    headers.install(app, secure=web.public_url.startswith("https://"))
    requests.install(app)
    return app
