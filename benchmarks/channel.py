"""The channel that is measured with: posts each message as JSON to the stand-in provider."""

import aiohttp

from standby.channels.base import Outgoing, Permanent, Receipt, Sent, Uncertain

TIMEOUT = aiohttp.ClientTimeout(total=10)


class BenchmarkChannel:
    """One adapter for whatsapp, sms and email alike."""

    name = "benchmark"

    def __init__(self, address: str) -> None:
        self._messages = f"{address}/messages"
        self._session: aiohttp.ClientSession | None = None

    async def send(self, message: Outgoing) -> Receipt:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=256)
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, connector=connector)
        body = {"to": message.to, "text": message.text, "kind": message.kind, "reference": str(message.id)}
        try:
            async with self._session.post(self._messages, json=body) as response:
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError) as error:
            return Uncertain(repr(error))
        if response.status == 200:
            return Sent(answer["id"])
        return Permanent(f"the provider answered {response.status}")

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
