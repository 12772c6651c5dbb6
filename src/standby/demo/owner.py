"""Somebody who can sign in: the sample salon's owner, who operates this installation too."""

import secrets
from typing import Final

from standby.accounts import first_accounts, members, users
from standby.accounts.permissions import Role
from standby.accounts.scope import account_in_salon
from standby.database.pool import new_id
from standby.tenants.tenants import Salon
from standby.wiring import System

EMAIL: Final = "owner@example.com"


async def let_in(system: System, salon: Salon) -> str:
    """Makes their account; its password, which is another one each time."""
    password = secrets.token_urlsafe(12)
    hashed = await system.web.accounts.passwords.hashed(password)
    async with account_in_salon(system.pool, new_id(), salon.id) as tx:
        user_id = await users.add(tx, EMAIL, hashed, locale=salon.locale, now=system.clock())
        if user_id is not None:
            await members.add(tx, user_id, Role.OWNER, now=system.clock())
    await first_accounts.set_operator(system.worker_pool, EMAIL, is_operator=True)
    return password
