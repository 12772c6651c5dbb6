"""A test message, from the command line."""

from standby import wiring
from standby.messages import trial
from standby.messages.trial import Tried
from standby.settings import Settings
from standby.tenants import tenants


async def try_out(settings: Settings, url: str, slug: str, channel: str, to: str, template: str) -> Tried:
    """Sends the message for the salon of this name. Raises TenantNotFound and CannotOpen."""
    async with wiring.system(settings, url) as system:
        salon = await tenants.find_by_slug(system.pool, slug)
        return await trial.send(system.senders, salon, channel, to, template)
