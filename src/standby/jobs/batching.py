"""Work that is cheaper together: whoever asks while one batch is under way goes into the next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


class Batcher(Generic[In, Out]):
    """Gives each item to `work` with those that wait at that moment, at most `most` at once.

    An item alone waits for nobody, so batching costs no time when there is little to do.
    """

    def __init__(self, work: Callable[[Sequence[In]], Awaitable[Sequence[Out]]], *, most: int = 100) -> None:
        self._work = work
        self._most = most
        self._waiting: list[tuple[In, asyncio.Future[Out]]] = []
        self._running: asyncio.Task[None] | None = None

    async def add(self, item: In) -> Out:
        """The item's result. Raises what the batch raised."""
        answer: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                results = await self._work([item for item, _ in batch])
            except Exception as error:  # noqa: BLE001 - handed to everybody who waits for it
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
            else:
                for (_, answer), result in zip(batch, results, strict=True):
                    if not answer.done():
                        answer.set_result(result)
        self._running = None
