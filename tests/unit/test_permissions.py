"""Who may do what: the two tables, and that nothing is left out of them."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from standby.accounts.permissions import (
    FOR_KEYS,
    ROLES,
    SALON_ROLES,
    Permission,
    Role,
    known,
    permissions_of,
)
from standby.errors import NotAuthenticated
from standby.tenants.sign_in import Identity, issue_token, read_token
from standby.web.api.permissions import NEEDS, OTHERWISE
from tests.api import described
from tests.salon import MONDAY_NOON
from tests.unit.test_docs import ROOT

OLD, NEW = b"o" * 32, b"n" * 32
OWNER = Identity(UUID(int=1), "somebody")


def test_every_address_of_the_api_has_its_line_and_every_line_its_address() -> None:
    there = {
        (method.upper(), path.removeprefix("/api"))
        for path, methods in described()["paths"].items()
        for method in methods
    }
    assert there == NEEDS.keys() | OTHERWISE.keys()
    assert not NEEDS.keys() & OTHERWISE.keys()


def test_every_permission_is_somebodys_and_asked_for_by_some_address() -> None:
    assert ROLES.keys() == set(Permission)
    assert all(ROLES.values())
    assert set(NEEDS.values()) == set(Permission) - {Permission.OPERATE}


def test_who_has_the_higher_role_may_do_all_that_the_lower_may() -> None:
    owner, manager, staff, viewer = (permissions_of(role) for role in SALON_ROLES)
    assert owner > manager > staff > viewer
    assert permissions_of(Role.OPERATOR) == {Permission.OPERATE}


def test_a_viewer_changes_nothing() -> None:
    assert all(permission.endswith(":read") for permission in permissions_of(Role.VIEWER))


def test_a_key_lets_in_nobody_else_and_a_name_that_is_no_permission_gives_no_right() -> None:
    assert FOR_KEYS.isdisjoint({Permission.WRITE_MEMBERS, Permission.WRITE_KEYS, Permission.OPERATE})
    assert known(["book:read", "everything"]) == {Permission.READ_BOOK}


def test_a_token_says_what_its_holder_is() -> None:
    viewer = Identity(OWNER.tenant_id, "somebody", role=Role.VIEWER, user_id=OWNER.tenant_id)
    token = issue_token(NEW, viewer, now=MONDAY_NOON, lifetime=timedelta(minutes=15))
    assert read_token([NEW, OLD], token, now=MONDAY_NOON) == viewer


def test_a_token_of_an_old_key_is_good_as_long_as_the_key_is_known() -> None:
    token = issue_token(OLD, OWNER, now=MONDAY_NOON, lifetime=timedelta(minutes=15))
    assert read_token([NEW, OLD], token, now=MONDAY_NOON) == OWNER
    with pytest.raises(NotAuthenticated):
        read_token([NEW], token, now=MONDAY_NOON)
    with pytest.raises(NotAuthenticated, match="expired"):
        read_token([NEW, OLD], token, now=MONDAY_NOON + timedelta(minutes=15))


def test_the_page_of_accounts_shows_every_permission_and_whose_it_is() -> None:
    page = (ROOT / "docs" / "accounts.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in page.splitlines() if re.match(r"\| `\w+:\w+` \|", line)]
    told = {
        Permission(name.strip(" `")): {
            role for role, mark in zip(SALON_ROLES, marks, strict=True) if mark.strip()
        }
        for name, *marks in rows
    }
    assert told == {permission: set(roles) - {Role.OPERATOR} for permission, roles in ROLES.items()}
