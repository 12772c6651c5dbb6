"""Who a phone number or an email address means: somebody in the database, or in a row, or nobody. Pure.

A phone number is one person's; an email address may be shared by several (a family), who then need phones.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache, partial
from typing import Final
from uuid import UUID

from standby.importing import cells
from standby.importing.book import CustomerKey, KnownCustomer, Place
from standby.importing.cells import BadCell

# What each sort of address can be reached by.
CHANNELS_BY: Final[Mapping[str, frozenset[str]]] = {
    "phone": frozenset({"whatsapp", "sms"}),
    "email": frozenset({"email"}),
}


class People:
    """Everybody that rows can refer to. Rows are added as they are read; the first to claim somebody has them."""

    def __init__(self, known: Mapping[UUID, KnownCustomer], country: str) -> None:
        # Rows write the same numbers again and again, and to read one takes longer than the rest of a row.
        self.phone = cache(partial(cells.phone, country=country))
        self._by_phone: dict[str, CustomerKey] = {}
        self._by_email: dict[str, set[CustomerKey]] = defaultdict(set)
        self._email_of: dict[CustomerKey, str] = {}
        self._has: dict[CustomerKey, set[str]] = defaultdict(set)
        self._claimed: dict[CustomerKey, Place] = {}
        self._broken: dict[str, Place] = {}
        for one in known.values():
            self._remember(one.id, one.phone, one.email)

    def claim(self, place: Place, phone: str | None, email: str | None) -> CustomerKey:
        """The key of the customer that a row describes. Raises BadCell when another row has them already."""
        key = self.check(phone, email)
        self._claimed[key] = place
        if email is not None:  # It replaces the one that is known.
            self._by_email[self._email_of.get(key, "")].discard(key)
        self._remember(key, phone, email)
        return key

    def check(self, phone: str | None, email: str | None) -> CustomerKey:
        """Whom these addresses are of. Raises BadCell if a row can't claim them."""
        key = self._same(phone, email) or phone or (email or "").lower()
        if key in self._claimed:
            place = self._claimed[key].said
            raise BadCell("is the same customer as {place}; keep one of the two", place=place)
        return key

    def note_broken(self, place: Place, phone: str | None, email: str | None) -> None:
        """A row that has problems: who refers to it is told so, not that there is nobody."""
        for address in (phone, email and email.lower()):
            if address:
                self._broken.setdefault(address, place)

    def find(self, text: str) -> CustomerKey:
        """Whom a phone number or an email address means. Raises BadCell unless it is exactly one."""
        if "@" in text:
            address = cells.email(text).lower()
            keys = self._by_email.get(address, set())
        else:
            address = self.phone(text)
            keys = {self._by_phone[address]} if address in self._by_phone else set()
        if len(keys) > 1:
            raise BadCell(
                "is the email address of {count} customers; write the phone number instead", count=len(keys)
            )
        if keys:
            return next(iter(keys))
        if address in self._broken:
            place = self._broken[address].said
            raise BadCell("is a customer whose own row needs a change: {place}", place=place)
        raise BadCell("is no customer; add a row to the customers file, or correct this")

    def channels_of(self, key: CustomerKey) -> frozenset[str]:
        """The channels that this customer has an address for."""
        return frozenset().union(*(CHANNELS_BY[address] for address in self._has[key]))

    def channels(self, phone: str | None, email: str | None) -> frozenset[str]:
        """The channels that the customer of a row has an address for, with what is known of them already."""
        own = _addresses(phone, email)
        try:
            key = self._same(phone, email)
        except BadCell:  # `claim` will tell.
            key = None
        return frozenset().union(
            *(CHANNELS_BY[one] for one in own | (self._has[key] if key is not None else set()))
        )

    def _same(self, phone: str | None, email: str | None) -> CustomerKey | None:
        """Whom these addresses belong to already: by the phone, or else by the email unless their phones differ."""
        if phone is not None and phone in self._by_phone:
            return self._by_phone[phone]
        keys = self._by_email.get((email or "").lower(), set())
        if phone is None and len(keys) > 1:
            raise BadCell("has the email address of {count} customers; add the phone number", count=len(keys))
        phoneless = [key for key in keys if phone is None or "phone" not in self._has[key]]
        return phoneless[0] if len(phoneless) == 1 else None

    def _remember(self, key: CustomerKey, phone: str | None, email: str | None) -> None:
        self._has[key] |= _addresses(phone, email)
        if phone is not None:
            self._by_phone[phone] = key
        if email is not None:
            self._by_email[email.lower()].add(key)
            self._email_of[key] = email.lower()


def _addresses(phone: str | None, email: str | None) -> set[str]:
    return ({"phone"} if phone else set()) | ({"email"} if email else set())
