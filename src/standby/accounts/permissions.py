"""Who may do what: every permission, and the roles that have it, in one table. Pure.

What a role isn't named for, it may not. Which permission an address of the API asks for stands in
web/api/permissions.py.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What somebody is: in a salon (the first four), or of the installation."""

    OWNER = "owner"
    MANAGER = "manager"
    STAFF = "staff"
    VIEWER = "viewer"
    OPERATOR = "operator"


class Permission(StrEnum):
    """One thing that one may do, or may let a program do: they are the scopes of API keys too."""

    READ_BOOK = "book:read"  # bookings, slots, the waitlist, and what of them is to be sent
    WRITE_BOOK = "book:write"
    READ_MESSAGES = "messages:read"  # what was said to customers, and what they wrote
    WRITE_MESSAGES = "messages:write"
    READ_SALON = "salon:read"  # staff, services, hours, rules, texts, notices
    WRITE_SALON = "salon:write"
    NAME_SALON = "salon:name"  # by which customers find it
    READ_CALENDARS = "calendars:read"
    WRITE_CALENDARS = "calendars:write"  # what is linked, and the addresses at which others read
    READ_USAGE = "usage:read"
    WRITE_USAGE = "usage:write"  # quotas: what sending may cost
    READ_WEBHOOKS = "webhooks:read"
    SEND_WEBHOOKS = "webhooks:send"  # a test, or once more
    WRITE_WEBHOOKS = "webhooks:write"  # who is told of everything
    READ_INSIGHTS = "insights:read"  # what the waitlist fills, and what that brings
    READ_AUDIT = "audit:read"
    PERSONAL_DATA = "privacy:write"  # all of a customer, handed out or erased
    READ_MEMBERS = "members:read"
    WRITE_MEMBERS = "members:write"
    WRITE_KEYS = "keys:write"
    OPERATE = "installation:operate"


OWNERS: Final = frozenset({Role.OWNER})
MANAGERS: Final = OWNERS | {Role.MANAGER}
STAFF: Final = MANAGERS | {Role.STAFF}
EVERYBODY: Final = STAFF | {Role.VIEWER}

ROLES: Final[Mapping[Permission, frozenset[Role]]] = MappingProxyType(
    {
        Permission.READ_BOOK: EVERYBODY,
        Permission.WRITE_BOOK: STAFF,
        Permission.READ_MESSAGES: STAFF,
        Permission.WRITE_MESSAGES: STAFF,
        Permission.READ_SALON: EVERYBODY,
        Permission.WRITE_SALON: MANAGERS,
        Permission.NAME_SALON: OWNERS,
        Permission.READ_CALENDARS: STAFF,
        Permission.WRITE_CALENDARS: MANAGERS,
        Permission.READ_USAGE: MANAGERS,
        Permission.WRITE_USAGE: OWNERS,
        Permission.READ_WEBHOOKS: MANAGERS,
        Permission.SEND_WEBHOOKS: MANAGERS,
        Permission.WRITE_WEBHOOKS: OWNERS,
        Permission.READ_INSIGHTS: MANAGERS,
        Permission.READ_AUDIT: MANAGERS,
        Permission.PERSONAL_DATA: MANAGERS,
        Permission.READ_MEMBERS: MANAGERS,
        Permission.WRITE_MEMBERS: OWNERS,
        Permission.WRITE_KEYS: OWNERS,
        Permission.OPERATE: frozenset({Role.OPERATOR}),
    }
)

# What no program is let do: to let in others.
NOT_FOR_KEYS: Final = frozenset({Permission.WRITE_MEMBERS, Permission.WRITE_KEYS, Permission.OPERATE})
FOR_KEYS: Final = frozenset(Permission) - NOT_FOR_KEYS
SALON_ROLES: Final = (Role.OWNER, Role.MANAGER, Role.STAFF, Role.VIEWER)


def permissions_of(role: Role) -> frozenset[Permission]:
    """All that somebody in this role may do."""
    return frozenset(permission for permission, roles in ROLES.items() if role in roles)


def known(scopes: Iterable[str]) -> frozenset[Permission]:
    """The permissions among these names; one that there is no more gives no right."""
    there = {permission.value for permission in Permission}
    return frozenset(Permission(scope) for scope in scopes if scope in there)
