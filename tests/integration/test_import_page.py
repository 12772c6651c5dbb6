"""The page on which a book is imported: looked at, written by a worker while it tells how far it is, and once only."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import asyncpg
import httpx
import pytest

from standby.accounts.permissions import Role
from standby.accounts.scope import account_in_salon
from standby.importing import imports, running, writing
from standby.importing.running import Imports
from standby.jobs.timers import take_due
from tests.accounts import browsing, sign_in, somebody
from tests.salon import Shop, waiting

BOOK = b"name,phone\nIngrid Berg,400 00 001\nNobody,12\n"
GOOD = b"name,phone\nIngrid Berg,400 00 001\n"


@pytest.fixture
async def kim(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An owner's browser."""
    await somebody(shop)
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client)
        yield client


async def send(browser: httpx.AsyncClient, book: bytes, name: str = "customers.csv") -> httpx.Response:
    return await browser.post("/app/import", files={"files": (name, book)})


async def seen(browser: httpx.AsyncClient) -> str:
    return (await browser.get("/app/import")).text


async def order(browser: httpx.AsyncClient, **form: str) -> httpx.Response:
    """Presses "Import it"."""
    [path] = re.findall(r'action="(/app/import/[\w-]+/write)"', await seen(browser))
    return await browser.post(path, data=form)


async def names(shop: Shop) -> list[str]:
    return [row["name"] for row in await shop.all("SELECT name FROM customers ORDER BY name")]


async def run(shop: Shop, stop: asyncio.Event | None = None) -> None:
    """What a worker does with the salon's import."""
    row = await shop.one("SELECT id FROM imports")
    worker = Imports(shop.system.pool, shop.clock, stop or asyncio.Event())
    await worker.run(shop.salon.id, row["id"])


async def test_a_book_is_looked_at_before_it_is_written_and_bad_rows_are_told_by_their_lines(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    assert (await send(kim, BOOK)).headers["location"] == "/app/import"
    page = await seen(kim)
    assert "Your files are being looked at" in page
    assert 'data-again="2"' in page
    await shop.run_jobs()
    page = await seen(kim)
    assert "What it would come to" in page
    assert "customers.csv, 3" in page
    assert "data-again" not in page
    assert await names(shop) == []
    refused = await order(kim)
    assert refused.status_code == 422
    assert "tick that those rows are to be left out" in refused.text
    assert (await order(kim, skip="on")).headers["location"] == "/app/import"
    page = await seen(kim)
    assert "Your book is being imported" in page
    assert "Send it in several parts" not in page
    await shop.run_jobs()
    assert await names(shop) == ["Ingrid Berg"]
    page = await seen(kim)
    assert "Your book is here." in page
    assert "Left out: 1 (rows: 1)" in page
    assert (await shop.one("SELECT files FROM imports"))["files"] is None
    written = await shop.one("SELECT actor FROM audit_log WHERE entity = 'customer'")
    assert written["actor"].startswith("user:")


async def test_what_is_wrong_is_said_in_the_readers_language(shop: Shop, kim: httpx.AsyncClient) -> None:
    user = (await shop.one("SELECT user_id FROM memberships"))["user_id"]
    await send(kim, BOOK)
    await shop.run_jobs()
    assert "is no valid phone number in NO" in await seen(kim)
    async with account_in_salon(shop.system.pool, user, shop.salon.id) as tx:
        await tx.execute("UPDATE users SET locale = 'nb'")
    assert "er ikke et gyldig telefonnummer i NO" in await seen(kim)


async def test_two_files_of_one_name_are_both_read(shop: Shop, kim: httpx.AsyncClient) -> None:
    other = b"name,phone\nKari Moen,+4741234568\n"
    files = [("files", ("customers.csv", one)) for one in (GOOD, other)]
    assert (await kim.post("/app/import", files=files)).status_code == 303
    await shop.run_jobs()
    await order(kim)
    await shop.run_jobs()
    assert sorted(await names(shop)) == ["Ingrid Berg", "Kari Moen"]


async def test_the_same_files_again_change_nothing_and_say_so(shop: Shop, kim: httpx.AsyncClient) -> None:
    for _ in range(2):
        await send(kim, GOOD)
        await shop.run_jobs()
        await order(kim)
        await shop.run_jobs()
        assert await names(shop) == ["Ingrid Berg"]
    assert "All of it was here already." in await seen(kim)


async def test_pressing_twice_and_pressing_what_is_gone_writes_nothing_more(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await send(kim, GOOD)
    await shop.run_jobs()
    [path] = re.findall(r'action="(/app/import/[\w-]+/write)"', await seen(kim))
    for _ in range(2):
        assert (await kim.post(path)).headers["location"] == "/app/import"
    await shop.run_jobs()
    assert (await kim.post(path)).headers["location"] == "/app/import"
    await send(kim, GOOD)
    gone = await kim.post(path)
    assert (gone.status_code, "not here any more" in gone.text) == (409, True)


async def test_no_files_too_many_bytes_and_a_second_import_are_refused(
    shop: Shop, kim: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = await kim.post("/app/import")
    assert (none.status_code, "Choose one file or more." in none.text) == (422, True)
    many = await kim.post("/app/import", files=[("files", (f"{one}.csv", b"x")) for one in range(51)])
    assert (many.status_code, "too many files" in many.text) == (400, True)
    large = await kim.post("/app/import", files=[("files", ("a.csv", b"x" * 8_000_001))])
    assert (large.status_code, "more than 5 MB" in large.text) == (413, True)
    monkeypatch.setattr("standby.web.dashboard.import_page.MOST", 10)
    assert (await send(kim, GOOD)).status_code == 413
    monkeypatch.undo()
    await send(kim, GOOD)
    second = await send(kim, BOOK)
    assert (second.status_code, "still runs" in second.text) == (409, True)
    assert 'data-address="/app/import"' in second.text  # It goes on there.
    await shop.run_jobs()
    assert (await send(kim, BOOK)).status_code == 303  # What was only looked at makes room.


async def test_a_file_that_cannot_be_read_as_a_whole_can_only_be_forgotten(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await send(kim, b"nothing,that,is,known\n1,2,3,4\n", "things.csv")
    await shop.run_jobs()
    page = await seen(kim)
    assert "can’t be read as a whole" in page
    assert "/write" not in page
    [path] = re.findall(r'action="(/app/import/[\w-]+/drop)"', page)
    assert (await kim.post(path)).headers["location"] == "/app/import?said=dropped"
    assert "the files are forgotten" in (await kim.get("/app/import?said=dropped")).text
    assert await shop.all("SELECT FROM imports") == []
    assert (await kim.post(path)).headers["location"] == "/app/import"


async def blocked(shop: Shop, owner: asyncpg.Connection) -> Any:
    """A transaction in which the one customer of GOOD is about to be there: whoever adds them waits for it."""
    transaction = owner.transaction()
    await transaction.start()
    await owner.execute(
        "INSERT INTO standby.customers (tenant_id, id, name, phone, vip, created_at) "
        "VALUES ($1, gen_random_uuid(), 'Rival', '+4740000001', false, now())",
        shop.salon.id,
    )
    return transaction


async def test_the_page_says_how_far_an_import_is_and_who_stops_it_has_nothing_imported(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    files = {"customers.csv": GOOD, "services.csv": b"name,duration\nBeard,20\n"}
    await kim.post("/app/import", files=[("files", one) for one in files.items()])
    await shop.run_jobs()
    await order(kim)
    owner, watching = [await asyncpg.connect(shop.system.url) for _ in range(2)]
    rival = await blocked(shop, owner)
    working = asyncio.create_task(run(shop))
    await waiting(watching, 1)
    while "1 of 2 rows" not in (page := await seen(kim)):
        assert not working.done()
    assert '<progress class="guide-far" value="1" max="2"' in page
    [path] = re.findall(r'action="(/app/import/[\w-]+/drop)"', page)
    await kim.post(path)
    await rival.rollback()
    await working
    assert await names(shop) == []
    assert await shop.all("SELECT FROM services WHERE name = 'Beard'") == []
    for connection in (owner, watching):
        await connection.close()


async def test_an_import_that_is_interrupted_begins_again_and_is_there_once(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await send(kim, GOOD)
    await shop.run_jobs()
    await order(kim)
    owner, watching = [await asyncpg.connect(shop.system.url) for _ in range(2)]
    rival = await blocked(shop, owner)
    stop = asyncio.Event()
    working = asyncio.create_task(run(shop, stop))
    await waiting(watching, 1)
    stop.set()  # Its worker is to end.
    await working
    await rival.rollback()
    for connection in (owner, watching):
        await connection.close()
    assert await names(shop) == []
    await shop.pass_time(seconds=1)
    assert await names(shop) == ["Ingrid Berg"]
    assert "Your book is here." in await seen(kim)
    assert (await shop.one("SELECT attempts FROM imports"))["attempts"] == 1  # A stop is no try.
    await run(shop)  # Its job comes twice.
    assert await names(shop) == ["Ingrid Berg"]


async def test_who_has_lost_an_import_and_ends_it_late_takes_nothing_back(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    async def claim() -> imports.Claim:
        async with shop.transaction() as tx:
            claimed = await imports.claim(
                tx, (await shop.one("SELECT id FROM imports"))["id"], now=shop.clock()
            )
        assert claimed
        return claimed

    async def take_next_step(late: imports.Claim) -> None:
        """Somebody else does it, and the next step is ordered and taken; then the first one speaks up."""
        shop.clock.at += imports.LEASE
        other = await claim()
        async with shop.transaction() as tx:
            assert await imports.end(tx, other, "checked", {}, now=shop.clock())
        assert (await order(kim)).status_code == 303
        before = await claim()
        async with shop.transaction() as tx:
            await imports.tell(tx, late, 1, 2, now=shop.clock())
            await imports.release(tx, late, tried=False, now=shop.clock())
            assert not await imports.end(tx, late, "checked", {}, now=shop.clock())
        row = await shop.one("SELECT state, rows_done, attempts, lease_until FROM imports")
        assert (row["state"], row["rows_done"], row["attempts"]) == ("writing", 0, before.attempt)
        assert row["lease_until"]
        async with shop.transaction() as tx:
            await imports.release(tx, before, tried=False, now=shop.clock())

    await send(kim, GOOD)
    await take_next_step(await claim())  # who looked at it
    await take_next_step(await claim())  # who wrote it, when it had to be looked at again
    await shop.run_jobs()
    assert await names(shop) == ["Ingrid Berg"]


async def test_an_import_whose_worker_was_killed_is_taken_up_when_its_lease_is_over(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await send(kim, GOOD)
    row = await shop.one("SELECT id FROM imports")
    async with shop.transaction() as tx:  # Somebody has it, and is never heard of again.
        assert await imports.claim(tx, row["id"], now=shop.clock())
    await shop.run_jobs()
    assert "Your files are being looked at" in await seen(kim)
    await shop.pass_time(seconds=imports.LEASE.total_seconds())
    assert "What it would come to" in await seen(kim)


async def test_what_ends_its_worker_each_time_is_tried_five_times_and_then_stops(
    shop: Shop, kim: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any, **__: Any) -> None:
        raise MemoryError

    await send(kim, GOOD)
    monkeypatch.setattr(running, "write_book", fails)
    for tried in range(running.MOST_TRIES):
        with pytest.raises(MemoryError):
            await run(shop)
        assert ("has begun again" in await seen(kim)) == (tried > 0)
    await run(shop)
    page = await seen(kim)
    assert "Nothing was imported" in page
    assert 'id="files"' in page


async def test_a_book_that_somebody_else_changes_meanwhile_can_be_imported_again(
    shop: Shop, kim: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any, **__: Any) -> None:
        raise writing.BookChanged

    await send(kim, GOOD)
    await shop.run_jobs()
    await order(kim)
    monkeypatch.setattr(running, "write_book", fails)
    await run(shop)
    monkeypatch.undo()
    assert "The book was changed at the same moment" in await seen(kim)
    await order(kim)
    await shop.run_jobs()
    assert await names(shop) == ["Ingrid Berg"]


async def test_an_import_is_forgotten_after_a_day_with_what_was_sent(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await send(kim, GOOD)
    await shop.run_jobs()
    shop.clock.at += imports.KEPT - timedelta(seconds=1)
    async with shop.system.worker_pool.acquire() as connection:
        await take_due(connection, shop.clock)
        assert len(await shop.all("SELECT FROM imports")) == 1
        shop.clock.at += timedelta(seconds=1)
        await take_due(connection, shop.clock)
    assert await shop.all("SELECT FROM imports") == []


async def test_what_was_taken_along_can_be_imported_again_and_is_written_down(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await shop.join(
        "=Ingrid Berg", staff_id=shop.kim, weekdays=[1, 2], from_minute=600, email="i@example.com"
    )
    await shop.book()
    await shop.join("-Per Berg")
    await kim.post("/app/services", data={"name": "+Beard", "duration_minutes": "20"})
    await kim.post("/app/hours/week", data={"opens-1-0": "09:00", "closes-1-0": "00:00"})
    assert "3 customers, 1 appointments and 2 on the waitlist" in await seen(kim)
    taken = await kim.post("/app/export")
    assert taken.headers["content-disposition"] == 'attachment; filename="shop-2026-11-23.zip"'
    archive = ZipFile(io.BytesIO(taken.content))
    assert "\r\n -Per Berg,+47" in archive.read("customers.csv").decode()
    assert "\r\n +Beard,20" in archive.read("services.csv").decode()
    files = [("files", (name, archive.read(name))) for name in archive.namelist()]
    await kim.post("/app/import", files=files)
    await shop.run_jobs()
    rows = re.findall(
        r'<th scope="row">(\w+)</th><td>(\d+)</td><td>(\d+)</td><td>(\d+)</td>', await seen(kim)
    )
    assert rows == [
        ("Services", "0", "0", "3"),
        ("Staff", "0", "0", "2"),
        ("Weekdays", "0", "0", "1"),
        ("Customers", "0", "0", "3"),
        ("Appointments", "0", "0", "1"),
        ("Waitlist", "0", "0", "2"),
    ]
    noted = await shop.one("SELECT entity, actor FROM audit_log WHERE action = 'export'")
    assert (noted["entity"], noted["actor"].split(":")[0]) == ("salon", "user")
    await somebody(shop, "mia@example.com", Role.STAFF)
    async with browsing(shop) as mia:
        await sign_in(mia, "mia@example.com")
        assert (await mia.post("/app/export")).status_code == 403
