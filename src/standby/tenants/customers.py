"""The salon's customers: who they are, how to reach them, and what they agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import asyncpg
import email_validator
import phonenumbers

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import CustomerNotFound, FieldProblem
from standby.tenants import names

SQL = statements_beside(__file__)

NO_PHONE = FieldProblem("phone", "is no valid phone number; write it like +47 412 34 567")
CONSENT_TEXT = "2026-11"  # the version of the words that people agree to when they join


@dataclass(frozen=True)
class Person:
    """Somebody as they gave themselves; `channels` are those that they agree to hear from us by.

    `themselves`: they did so without signing in, so what the salon knows of them already stays as it is.
    """

    name: str
    phone: str | None = None
    email: str | None = None
    channels: Sequence[str] = ()
    themselves: bool = False


@dataclass(frozen=True)
class Customer:
    """Somebody the salon knows."""

    id: UUID
    phone: str | None
    vip: bool


@dataclass(frozen=True)
class Known:
    """What the salon knows of a customer: who they are, and how they may be reached."""

    id: UUID
    name: str
    phone: str | None
    email: str | None
    channels: Sequence[str]

    def address(self, channel: str) -> str | None:
        """Where a channel reaches them; None: nowhere."""
        return self.email if channel == "email" else self.phone


async def find(tx: Tx, customer_id: UUID) -> Known:
    """A customer. Raises CustomerNotFound."""
    row = await tx.fetchrow(SQL["find_customer"], customer_id)
    if row is None:
        raise CustomerNotFound
    return Known(**row)


async def find_with(tx: Tx, phone: str | None) -> Known | None:
    """The customer with this number (E.164), if the salon knows one."""
    row = await tx.fetchrow(SQL["find_customer_with"], phone)
    return Known(**row) if row else None


async def country(tx: Tx) -> str:
    """The salon's country (ISO 3166), for phone numbers without a country code."""
    found: str = await tx.fetchval(SQL["salon_country"])
    return found


def checked(person: Person, *, default_country: str) -> tuple[Person, list[FieldProblem]]:
    """The person with the phone in E.164 and the email normalised, and every problem with what they gave.

    Without a named channel they are taken to agree to those that they gave an address for: joining is the consent.
    """
    problems = []
    phone = email = None
    if wrong := names.problem_of(person.name):
        problems.append(FieldProblem("name", wrong))
    if person.phone:
        phone = e164(person.phone, default_country)
        if phone is None:
            problems.append(NO_PHONE)
    else:
        problems.append(FieldProblem("phone", "is missing"))
    if person.email:
        try:
            email = email_validator.validate_email(person.email, check_deliverability=False).normalized
        except email_validator.EmailNotValidError as error:
            problems.append(FieldProblem("email", f"is no valid email address: {error}"))
    channels = tuple(person.channels) or (("whatsapp", "sms") if phone else ()) + (
        ("email",) if email else ()
    )
    if "email" in channels and not person.email:
        problems.append(FieldProblem("email", "is missing, but email is among the channels"))
    return replace(person, name=person.name.strip(), phone=phone, email=email, channels=channels), problems


def e164(phone: str, default_country: str | None) -> str | None:
    """A phone number as +4741234567, or None if there is no such number."""
    try:
        number = phonenumbers.parse(phone, default_country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def written(phone: str) -> str:
    """A number in E.164 as people write it: +47 412 34 567."""
    number = phonenumbers.parse(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


async def remember(
    tx: Tx, person: Person, *, now: datetime, source: str, vip: bool | None = None
) -> Customer:
    """Finds or adds the customer with this phone and locks them; new consents are written down.

    What they give now (name, email, channels) is added to what is known; nothing is taken away. Of somebody who gave it
    `themselves` only what wasn't known is added. `person` is checked.
    """
    [row] = await tx.fetch(
        SQL["remember_customer"],
        new_id(),
        person.name,
        person.phone,
        person.email,
        list(person.channels),
        vip,
        now,
        person.themselves,
    )
    for channel in row["new_channels"]:
        await tx.execute(SQL["insert_consent"], new_id(), row["id"], channel, True, CONSENT_TEXT, source, now)
    return Customer(row["id"], person.phone, row["vip"])


async def search(tx: Tx, text: str, *, limit: int = 6) -> list[asyncpg.Record]:
    """Customers who can be called: by the beginning of one of their names, or by three digits of their number."""
    text = text.strip().lower()
    if len(text) < 2:
        return []
    digits = "".join(letter for letter in text if letter in "0123456789").lstrip("0")
    like = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return list(await tx.fetch(SQL["search_customers"], like, digits if len(digits) > 2 else None, limit))


async def other_name(tx: Tx, person: Person) -> str:
    """By what other name the salon knows whoever has this number; "": by the same, or not at all."""
    person, _ = checked(person, default_country=await country(tx))
    return (person.name and await tx.fetchval(SQL["other_name"], person.phone, person.name)) or ""


async def kept(tx: Tx, person: Person) -> Sequence[str]:
    """What of a checked person the salon knows otherwise, of whoever has this number: name, email."""
    return await tx.fetchval(SQL["kept_of_customer"], person.phone, person.name, person.email) or ()
