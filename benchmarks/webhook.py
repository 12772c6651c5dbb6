"""A provider's requests, signed: how soon are they answered, and how soon is done what they tell?"""

import hmac
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

import aiohttp
import asyncpg

from benchmarks import ours
from benchmarks.figures import Figures, in_flight, now_ms, per_second, spread, until
from benchmarks.loading import Loader, Shape
from benchmarks.processes import ServerOptions, server
from benchmarks.stage import Ground, Workers, loaded, other_worker, reading
from standby import clock
from standby.messages import senders
from standby.messages.sealing import Seal
from standby.messages.senders import Sender
from standby.tenants.scope import tenant_transaction

NOBODY = "http://127.0.0.1:9"  # Nothing is sent.


@dataclass(frozen=True)
class Options:
    """`slots`: how many messages are reported as delivered, each in a request of its own."""

    slots: int = 2000
    salons: int = 50
    services: int = 4
    in_flight: int = 16
    workers: Workers = "inline"


async def run(ground: Ground, options: Options) -> Figures:
    shape = Shape(options.salons, options.services)

    async def load(rows: Loader) -> None:
        await rows.offered(options.slots, message="sent")

    async with loaded(ground, shape, load) as url:
        await _appoint(url, shape)
        inline = options.workers == "inline"
        async with (
            other_worker(url, NOBODY, options.workers),
            server(ServerOptions(url, NOBODY, web=True, worker=inline)) as serving,
            aiohttp.ClientSession() as session,
            reading(url) as database,
        ):
            messages = await database.fetch("SELECT tenant_id, id FROM messages ORDER BY id")
            return await _measure(session, serving.ready["address"], database, messages, options)


async def _appoint(url: str, shape: Shape) -> None:
    """Gives each salon a number, all of one account."""
    async with ours.opened(url, NOBODY) as parts:
        seal = Seal(parts.settings.seal_keys())
        for number, tenant_id in enumerate(shape.tenants()):
            sender = Sender(
                "twilio", f"+47{90_000_000 + number}", {"account_sid": "AC1"}, {"auth_token": "hush"}
            )
            async with tenant_transaction(parts.pool, tenant_id) as tx:
                await senders.appoint(tx, "sms", sender, seal=seal, now=clock.now())


async def _measure(
    session: aiohttp.ClientSession,
    address: str,
    database: asyncpg.Connection,
    messages: list[asyncpg.Record],
    options: Options,
) -> Figures:
    calls: list[float] = []

    async def report(message: asyncpg.Record) -> None:
        at = now_ms()
        await _report(session, address, message["tenant_id"], message["id"])
        calls.append(now_ms() - at)

    async def all_done() -> bool:
        done = "SELECT NOT EXISTS (SELECT FROM messages WHERE delivery IS DISTINCT FROM 'delivered')"
        return bool(await database.fetchval(done))

    started = now_ms()
    await in_flight(messages, options.in_flight, report)
    answered = now_ms() - started
    complete = await until(all_done)
    return {
        "params": {"slots": options.slots, "in_flight": options.in_flight, "workers": options.workers},
        "complete": complete,
        "answer_ms": spread(calls),
        "answers_per_s": per_second(len(calls), answered),
        "done_after_the_last_answer_ms": round(now_ms() - started - answered, 1),
    }


async def _report(session: aiohttp.ClientSession, address: str, tenant_id: UUID, message_id: UUID) -> None:
    path = f"/webhooks/twilio?salon={tenant_id}&message={message_id}"
    form = {
        "AccountSid": "AC1",
        "From": "+4790000000",
        "MessageSid": "loaded",
        "MessageStatus": "delivered",
        "To": "+4740000000",
    }
    text = ours.PUBLIC_URL + path + "".join(name + form[name] for name in sorted(form))
    signature = b64encode(hmac.new(b"hush", text.encode(), "sha1").digest()).decode()
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    async with session.post(address + path, data=urlencode(form), headers=headers) as response:
        assert response.status == 200, await response.text()
