"""Salons: made, found, and their rules."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import asyncpg
import phonenumbers

from standby.database.pool import Pool, Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid, NameTaken, ServiceNotFound, TenantNotFound
from standby.tenants import names
from standby.tenants.scope import named_transaction, tenant_transaction
from standby.waitlist import policy as rules
from standby.waitlist.policy import RULES, Policy

SQL = statements_beside(__file__)

SLUG: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LOCALES: Final = ("en", "nb")
WRONG_LOCALE: Final = FieldProblem("locale", "must be en or nb")
COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
# What may stand in the place of a salon in addresses, now or one day.
RESERVED: Final = frozenset(
    {
        *(
            "about",
            "account",
            "admin",
            "api",
            "app",
            "assets",
            "auth",
            "book",
            "demo",
            "docs",
            "health",
            "help",
        ),
        *(
            "join",
            "legal",
            "login",
            "metrics",
            "new",
            "null",
            "operator",
            "privacy",
            "public",
            "salon",
            "salons",
        ),
        # What addresses of ours begin with.
        *(
            "b",
            "calendars",
            "docs-events",
            "docs-files",
            "email",
            "forgot",
            "invitation",
            "m",
            "o",
            "reset",
            "u",
            "verify",
        ),
        *("settings", "sign-in", "sign-out", "sign-up", "standby", "static", "status", "support", "webhooks"),
        *("well-known", "www"),
    }
)


@dataclass(frozen=True)
class Salon:
    """One tenant."""

    id: UUID
    slug: str
    name: str
    timezone: str
    locale: str
    currency: str
    country: str
    accent: str | None = None  # #rrggbb; None: Standby's own

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


async def create(
    pool: Pool,
    name: str,
    *,
    timezone: str,
    currency: str,
    country: str,
    locale: str,
    now: datetime,
    slug: str | None = None,
) -> Salon:
    """Makes a salon with the default rules. Raises Invalid with every problem, and NameTaken."""
    salon = planned(name, timezone=timezone, currency=currency, country=country, locale=locale, slug=slug)
    async with tenant_transaction(pool, salon.id) as tx:
        await add(tx, salon, now=now)
    return salon


def planned(
    name: str, *, timezone: str, currency: str, country: str, locale: str, slug: str | None = None
) -> Salon:
    """A salon that could be added. Raises Invalid with every problem."""
    salon = Salon(
        new_id(),
        slug_of(name) if slug is None else slug,
        name.strip(),
        timezone,
        locale,
        currency.upper(),
        country.upper(),
    )
    if problems := _problems(salon):
        raise Invalid(problems)
    return salon


async def add(tx: Tx, salon: Salon, *, now: datetime) -> None:
    """Adds a checked salon, with the default rules, in its own transaction. Raises NameTaken."""
    try:
        await tx.execute(SQL["insert_tenant"], *asdict(salon).values(), now)
    except asyncpg.UniqueViolationError as error:
        message = f"There is a salon called {salon.slug} already; give another --slug"
        raise NameTaken(message, slug=salon.slug) from error
    await set_policy(tx, None, asdict(Policy()))


async def find(tx: Tx) -> Salon:
    """The salon that this transaction works for."""
    row = await tx.fetchrow(SQL["find_tenant"])
    if row is None:
        raise TenantNotFound
    return Salon(**row)


async def find_by_slug(pool: Pool, slug: str) -> Salon:
    """The salon of this name in addresses and on the command line. Raises TenantNotFound."""
    if not SLUG.fullmatch(slug):
        raise TenantNotFound(f"There is no salon called {slug}")
    async with named_transaction(pool, slug) as (tx, tenant_id):
        if tenant_id is None:
            raise TenantNotFound(f"There is no salon called {slug}")
        return await find(tx)


async def rename(tx: Tx, slug: str) -> Salon:
    """Gives the salon another name in addresses; the old one leads nowhere then. Raises Invalid, NameTaken."""
    salon = replace(await find(tx), slug=slug)
    if problems := _problems_of_slug(slug):
        raise Invalid(problems)
    try:
        await tx.execute(SQL["set_slug"], slug)
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(f"Another salon is called {slug} already", slug=slug) from error
    return salon


async def call(tx: Tx, name: str) -> Salon:
    """What the salon is called, on its pages and in its messages; its address stays. Raises Invalid."""
    if wrong := names.problem_of(name):
        raise Invalid([FieldProblem("name", wrong)])
    await tx.execute(SQL["set_name"], name.strip())
    return await find(tx)


async def speak(tx: Tx, locale: str) -> Salon:
    """The language in which customers are written to, unless they read the pages in another. Raises Invalid."""
    if locale not in LOCALES:
        raise Invalid([WRONG_LOCALE])
    await tx.execute(SQL["set_customers_locale"], locale)
    return await find(tx)


async def colour(tx: Tx, accent: str | None) -> Salon:
    """Gives the salon's pages their one accent colour, or (None) Standby's own. Raises Invalid."""
    salon = replace(await find(tx), accent=accent.lower() if accent else None)
    if salon.accent is not None and not COLOUR.fullmatch(salon.accent):
        raise Invalid([FieldProblem("accent", "must be written like #0b6b53")])
    await tx.execute(SQL["set_accent"], salon.accent)
    return salon


async def get_policy(tx: Tx, service_id: UUID | None = None) -> Policy:
    """The rules that hold for a service, or the salon's own."""
    row = await tx.fetchrow(SQL["find_policy"], service_id)
    if row is None:
        raise TenantNotFound
    if service_id is not None and not row["service_exists"]:
        raise ServiceNotFound
    return rules.resolve(row["salon_policy"], row["service_policy"])


async def own_rules(tx: Tx, service_id: UUID | None = None) -> dict[str, Any]:
    """The rules that the salon has, or that are different for a service, by name. Raises ServiceNotFound."""
    row = await tx.fetchrow(SQL["find_policy"], service_id)
    if row is None:
        raise TenantNotFound
    if service_id is not None and not row["service_exists"]:
        raise ServiceNotFound
    stored = row["salon_policy" if service_id is None else "service_policy"] or {}
    return {name: stored[name] for name in RULES if stored.get(name) is not None}


async def replace_policy(tx: Tx, service_id: UUID | None, chosen: Mapping[str, Any]) -> Policy:
    """As `set_policy`. Raises Invalid also when what then holds contradicts itself."""
    return _checked(await set_policy(tx, service_id, chosen))


async def change_policy(tx: Tx, service_id: UUID | None, changes: Mapping[str, Any]) -> Policy:
    """Changes the named rules of the salon or a service and keeps the others; None: back to what holds without it.

    Raises Invalid, also when what then holds contradicts itself.
    """
    kept = await own_rules(tx, service_id)
    chosen = {name: value for name, value in (kept | dict(changes)).items() if value is not None}
    return _checked(await set_policy(tx, service_id, chosen))


async def set_policy(tx: Tx, service_id: UUID | None, chosen: Mapping[str, Any]) -> Policy:
    """Sets the salon's rules, the default for each that isn't named; or (with a service) what is different for it."""
    unknown = sorted(chosen.keys() - set(RULES))
    problems = [
        FieldProblem(name, f"there is no such rule; the rules are {', '.join(RULES)}") for name in unknown
    ]
    problems += [
        FieldProblem(name, "is a rule of the salon; it can't differ by service")
        for name in rules.OF_THE_SALON
        if service_id is not None and chosen.get(name) is not None
    ]
    if problems:
        raise Invalid(problems)
    whole = chosen if service_id is not None else asdict(rules.resolve(chosen))
    values = [list(value) if isinstance(value, tuple) else value for value in map(whole.get, RULES)]
    try:
        await tx.execute(SQL["set_policy"], new_id(), service_id, *values)
    except asyncpg.ForeignKeyViolationError as error:
        raise ServiceNotFound from error
    return await get_policy(tx, service_id)


def _checked(policy: Policy) -> Policy:
    if policy.reminder_lead_seconds in range(policy.offer_window_seconds):
        return policy
    raise Invalid(
        [
            FieldProblem(
                "reminder_lead_seconds",
                f"is {policy.reminder_lead_seconds}, which must be less than offer_window_seconds "
                f"({policy.offer_window_seconds}) for a reminder to go out before the end; 0 is for no reminder",
            )
        ]
    )


def slug_of(name: str) -> str:
    """A name as it can stand in an address: Salong Ærlig & Sønn is salong-aerlig-sonn, and Admin is admin-salon."""
    plain = name.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:63].rstrip("-")
    return f"{slug}-salon" if slug in RESERVED else slug


def _problems(salon: Salon) -> list[FieldProblem]:
    problems = []
    if wrong := names.problem_of(salon.name):
        problems.append(FieldProblem("name", wrong))
    if not salon.slug and salon.name:
        problems.append(FieldProblem("slug", "can't be made of this name; give --slug, like --slug my-salon"))
    elif salon.slug:
        problems += _problems_of_slug(salon.slug)
    if salon.timezone not in available_timezones():
        problems.append(FieldProblem("timezone", "is unknown; write it like Europe/Oslo"))
    if not re.fullmatch("[A-Z]{3}", salon.currency):
        problems.append(FieldProblem("currency", "must be three letters like NOK"))
    if salon.country not in phonenumbers.SUPPORTED_REGIONS:
        problems.append(FieldProblem("country", "is unknown; write two letters like NO"))
    if salon.locale not in LOCALES:
        problems.append(WRONG_LOCALE)
    return problems


def _problems_of_slug(slug: str) -> list[FieldProblem]:
    if not SLUG.fullmatch(slug):
        return [FieldProblem("slug", "must be 1 to 63 of a–z, 0–9 and dashes, with no dash at either end")]
    if slug in RESERVED:
        return [FieldProblem("slug", "stands for something else in addresses; choose another", "reserved")]
    return []
