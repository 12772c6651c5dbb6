"""The web application, put together: API, pages, errors."""

from fastapi import APIRouter, FastAPI

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
from standby.web.dashboard import api_keys_page, audit_page, members_page
from standby.web.pages import Static
from standby.web.public import (
    account_links_pages,
    account_pages,
    booking_page,
    calendar_feed,
    google_callback,
    offer_page,
    own_account_pages,
    unsubscribe_page,
)

ABOUT = """Fills cancelled appointments from a waitlist.

Every answer that is an error is `{"error": {"code", "message", "details"}}` with a stable code.
Times are ISO 8601 with an offset. Lists are paged: pass `next_cursor` back as `cursor`.
A write with a token and a header `Idempotency-Key` (1 to 255 characters of your choice) happens once: sent again within
24 hours, it is answered as the first time, with `Idempotency-Replayed: true`. One that was refused may come again with
its key. Calendars, their feeds and webhooks take none, for answers that hold a secret are kept nowhere.
Below /api/public nobody signs in; a booking or joining there takes a key too.
"""


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
    api = APIRouter(prefix="/api", responses=errors.ANSWERS)
    for part in (
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
    ):
        api.include_router(part.router)
    if web.watched:
        api.include_router(admin.router)
        app.include_router(metrics.router)
        app.include_router(queue_pages.router)
    app.include_router(api)
    app.include_router(offer_page.router)
    app.include_router(booking_page.router)
    app.include_router(unsubscribe_page.router)
    app.include_router(calendar_feed.router)
    app.include_router(google_callback.router)
    app.include_router(account_pages.router)
    app.include_router(account_links_pages.router)
    app.include_router(own_account_pages.router)
    app.include_router(audit_page.router)
    app.include_router(members_page.router)
    app.include_router(api_keys_page.router)
    app.include_router(webhooks.router)
    app.include_router(health.router)
    app.mount("/static", Static())
    api_docs.install(app)
    event_docs.install(app)
    if web.phones is not None:
        app.include_router(demo_phones.router)
    errors.install(app)
    body_limit.install(app)
    entrance.install(app)
    headers.install(app, secure=web.public_url.startswith("https://"))
    requests.install(app)
    return app
