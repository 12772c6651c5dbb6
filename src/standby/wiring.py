"""The only place that joins the parts: settings in, a running system's pieces out."""

import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from urllib.parse import urlsplit
from uuid import UUID

import aiohttp

from standby import clock as wall_clock
from standby.accounts.accounts import Accounts
from standby.accounts.mailing import Mailing
from standby.accounts.passwords import Passwords
from standby.calendars.base import Calendar, Watching
from standby.calendars.calendars import Calendars
from standby.calendars.google import GoogleCalendar
from standby.calendars.google_access import GoogleAccess
from standby.calendars.ical_feed import IcalFeed
from standby.channels.base import Channel, Outgoing
from standby.channels.console import ConsoleChannel
from standby.channels.phones import Phones
from standby.channels.sendgrid import SendGridChannel
from standby.channels.smtp import SmtpChannel
from standby.channels.twilio import TwilioChannel
from standby.channels.whatsapp import WhatsAppChannel
from standby.clock import Clock
from standby.database.migrate import pending
from standby.database.pool import APP, WORKER, Pool, open_pool
from standby.jobs import monitor
from standby.jobs.gate import Gate
from standby.jobs.measures import Measuring
from standby.jobs.readiness import Readiness
from standby.jobs.reconcile import heal
from standby.jobs.timers import TIMERS, take_due
from standby.live.listening import open_live
from standby.messages.callbacks import Callbacks
from standby.messages.delivery import Delivery
from standby.messages.sealing import Seal
from standby.messages.senders import Sender, Senders
from standby.outside import Outside, open_outside
from standby.settings import Settings
from standby.waitlist.policy import CHANNELS
from standby.web.context import Web
from standby.webhooks.addresses import Addresses
from standby.webhooks.webhooks import Webhooks


@dataclass(frozen=True)
class System:
    """Everything that a process of ours is made of. `pool` serves tenants, `worker_pool` the queue's functions."""

    settings: Settings
    clock: Clock
    url: str
    pool: Pool
    worker_pool: Pool
    channels: Mapping[str, Channel]
    senders: Senders
    delivery: Delivery
    calendars: Calendars
    webhooks: Webhooks
    mailing: Mailing
    phones: Phones
    web: Web


@asynccontextmanager
async def system(
    settings: Settings,
    url: str,
    *,
    clock: Clock = wall_clock.now,
    demo: bool = False,
    echo: Callable[[Outgoing], None] | None = None,
    channels: Mapping[str, Channel] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
    passwords: Passwords | None = None,
) -> AsyncIterator[System]:
    """The parts, joined and open while the block runs. `url` is a migrated database.

    `channels` takes the place of those that the settings name; `demo` shows the demo's pages, and puts its phones
    behind every channel. `echo` is told what the console takes. `calendars` takes the place of all kinds of calendars,
    `passwords` of what hashes them as it should be done.
    """
    phones = Phones()
    if channels is None:
        channels = _channels(settings, phones, clock, echo, demo=demo)
    async with (
        open_pool(url, role=APP, size=settings.pool_size, name="standby app") as pool,
        open_pool(url, role=WORKER, size=4, name="standby worker") as worker_pool,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        open_outside(settings.allow_private_targets) as outside,
        open_live(
            url, streams_per_salon=settings.live_streams, check_seconds=settings.live_check_seconds
        ) as live,
    ):
        seal = cache(lambda: Seal(settings.seal_keys()))
        senders = Senders(
            worker_pool,
            seal,
            channels,
            partial(channel_of, settings, http, clock),
            hears=("whatsapp", "sms") if demo else (),
        )
        secret = settings.signing_key().encode()
        delivery = Delivery(
            worker_pool,
            senders,
            clock=clock,
            public_url=settings.public_url,
            secret=secret,
            lease=timedelta(seconds=settings.message_lease_seconds),
        )
        linked = _calendars(settings, http, pool, worker_pool, clock, seal, outside)
        if calendars is not None:
            linked = replace(linked, kinds=calendars, watching={})
        addresses = Addresses(settings.allow_private_targets, local=_is_local(settings.public_url))
        webhooks = Webhooks(pool, clock, seal, outside, addresses, random.random)
        web = Web(
            pool=pool,
            worker_pool=worker_pool,
            clock=clock,
            secret=secret,
            public_url=settings.public_url,
            callbacks=Callbacks(worker_pool, seal, clock=clock),
            senders=senders,
            calendars=linked,
            webhooks=webhooks,
            accounts=Accounts(
                pool,
                clock,
                [key.encode() for key in settings.verifying_keys()],
                passwords or Passwords(),
                seal,
                settings.public_url,
            ),
            live=live,
            process=partial(_process, worker_pool, clock),
            readiness=Readiness(worker_pool, partial(pending, url, role=WORKER)),
            measuring=Measuring(worker_pool),
            watched=settings.queue_monitoring_enabled,
            metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
            cron_key=settings.cron_key.get_secret_value() if settings.cron_key else None,
            rates={
                "address": settings.public_writes_per_address,
                "person": settings.public_writes_per_person,
                "salon": settings.public_writes_per_salon,
            },
            request_rates={
                "address": settings.public_requests_per_address,
                "salon": settings.public_requests_per_salon,
            },
            trusted_proxies=settings.trusted_proxies,
            phones=phones if demo else None,
        )
        mailing = Mailing(worker_pool, channels.get("email"), clock, settings.public_url)
        try:
            yield System(
                settings,
                clock,
                url,
                pool,
                worker_pool,
                channels,
                senders,
                delivery,
                linked,
                webhooks,
                mailing,
                phones,
                web,
            )
        finally:
            for channel in set(channels.values()):
                await channel.close()


async def _process(worker_pool: Pool, clock: Clock) -> tuple[int, int]:
    taken = 0
    gate = Gate()
    gate.paused = await monitor.paused(worker_pool)
    async with worker_pool.acquire() as connection:
        while (more := await take_due(connection, clock, gate.pauses(TIMERS)))[0]:
            taken += more[0]
    return taken, await heal(worker_pool, now=clock())


def _calendars(
    settings: Settings,
    http: aiohttp.ClientSession,
    pool: Pool,
    worker_pool: Pool,
    clock: Clock,
    seal: Callable[[], Seal],
    outside: Outside,
) -> Calendars:
    kinds: dict[str, Calendar] = {"ical": IcalFeed(outside)}
    watching: dict[str, Watching] = {}
    access = _google_access(settings, http, clock)
    if access is not None:
        push_url = f"{settings.public_url}/webhooks/google-calendar"
        google = GoogleCalendar(http, clock, access, base_url=settings.google_api, push_url=push_url)
        kinds["google"] = google
        # Google pushes to https only, and to names that it can find.
        if push_url.startswith("https:") and not _is_local(push_url):
            watching["google"] = google
    return Calendars(pool, worker_pool, clock, seal, kinds, watching, access)


def _google_access(settings: Settings, http: aiohttp.ClientSession, clock: Clock) -> GoogleAccess | None:
    if settings.google_client_id is None or settings.google_client_secret is None:
        return None
    return GoogleAccess(
        http,
        clock,
        accounts=settings.google_accounts,
        oauth=settings.google_oauth,
        client_id=settings.google_client_id,
        client_secret=settings.google_client_secret.get_secret_value(),
        redirect_url=f"{settings.public_url}/calendars/google/callback",
    )


def channel_of(
    settings: Settings, http: aiohttp.ClientSession, clock: Clock, tenant_id: UUID, sender: Sender
) -> Channel:
    """The adapter that a salon's own sender goes by; messages/senders.py has looked that nothing is missing."""
    address, options, secrets = sender.address, sender.options, sender.secrets
    match sender.provider:
        case "whatsapp":
            return WhatsAppChannel(
                http,
                clock,
                base_url=settings.whatsapp_api,
                version=settings.whatsapp_version,
                phone_number_id=options["phone_number_id"],
                token=secrets["token"],
            )
        case "twilio":
            return TwilioChannel(
                http,
                clock,
                base_url=settings.twilio_api,
                account_sid=options["account_sid"],
                auth_token=secrets["auth_token"],
                sender=address,
                status_url=_status_url(settings, tenant_id),
                contents={name: sid for name, sid in options.items() if "/" in name},
            )
        case "sendgrid":
            return SendGridChannel(
                http,
                clock,
                base_url=settings.sendgrid_api,
                api_key=secrets["api_key"],
                sender=address,
                salon=str(tenant_id),
            )
        case "smtp":
            return SmtpChannel(secrets["url"], address, clock)
        case provider:
            raise LookupError(f"no provider is called {provider}")


def _status_url(settings: Settings, tenant_id: UUID) -> str | None:
    """Where Twilio is to say what became of a message; None: it couldn't reach us there, and would refuse to send."""
    own = _is_local(settings.public_url)
    is_twilio_s = settings.twilio_api == Settings.model_fields["twilio_api"].default
    return None if own and is_twilio_s else f"{settings.public_url}/webhooks/twilio?salon={tenant_id}"


def _is_local(url: str) -> bool:
    """Whether nobody but this machine can get there."""
    host = urlsplit(url).hostname
    return host == "localhost" or host is None or host.startswith("127.") or host == "::1"


def _channels(
    settings: Settings, phones: Phones, clock: Clock, echo: Callable[[Outgoing], None] | None, *, demo: bool
) -> dict[str, Channel]:
    """Which adapter serves which channel. One without a provider is left out: delivery goes on to the customer's next.

    The console is behind all of them in the demo, and elsewhere behind those that the operator names. It must never
    stand in for a provider by itself: what it takes counts as sent, and who doesn't answer that is taken off the list.
    """
    console = ConsoleChannel(phones, clock, echo)
    if demo:
        return dict.fromkeys(CHANNELS, console)
    channels: dict[str, Channel] = {}
    if settings.smtp_url is not None and settings.email_from is not None:
        channels["email"] = SmtpChannel(settings.smtp_url.get_secret_value(), settings.email_from, clock)
    return channels | dict.fromkeys(settings.console_channels, console)
