"""What the doctor sees of clocks and of work that nobody does."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from standby.doctor.findings import FINE, PROBLEM, WARNING, Level
from standby.doctor.surroundings import clocks
from standby.messages.sealing import Seal
from tests.accounts import somebody
from tests.integration.test_channels import report
from tests.salon import Shop


@pytest.mark.parametrize(
    ("seconds", "level", "said"),
    [
        (0.4, FINE, "agrees"),
        (-0.9, FINE, "agrees"),
        (1.5, WARNING, "1.5 s ahead of"),
        (-29.0, WARNING, "29.0 s behind"),
        (30.0, PROBLEM, "30.0 s ahead of"),
    ],
)
def test_a_clock_that_is_wrong_is_a_warning_and_one_that_is_very_wrong_a_problem(
    seconds: float, level: Level, said: str
) -> None:
    found = clocks(timedelta(seconds=seconds))
    assert found.level is level
    assert said in found.what


async def test_work_that_waits_for_too_long_or_failed_for_good_is_told_with_the_remedy(
    database_url: str,
) -> None:
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    await owner.execute("""
        INSERT INTO pgqueuer (priority, status, entrypoint, payload, execute_after)
        VALUES (0, 'queued', 'calendar.read', '\\x7b7d', now() - interval '5 minutes'),
               (0, 'failed', 'message.send', '\\x7b7d', now())
    """)
    await owner.close()
    told = await report(database_url)
    assert "calendar.read is behind: 1 job waiting, the oldest for 30" in told
    assert "waitlist.notification: 1 job failed for good" in told
    assert "standby queue retry waitlist.notification --all" in told
    assert "The clock agrees with the database's" in told
    assert "No worker is running" in told


async def test_a_sealing_key_that_was_lost_is_told_by_what_it_sealed(shop: Shop, database_url: str) -> None:
    key, other = (Fernet.generate_key().decode() for _ in range(2))
    await somebody(shop)
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    sealed = Seal([key]).close({"totp": "x"})
    await owner.execute("UPDATE users SET totp_secret = $1", sealed)
    await owner.execute(
        "INSERT INTO calendar_links (tenant_id, id, staff_id, kind, address, secrets, state, writes, created_at) "
        "VALUES ($1, $2, $3, 'google', 'primary', $4, 'active', false, now())",
        shop.salon.id,
        uuid4(),
        shop.kim,
        sealed,
    )
    await owner.execute(
        "INSERT INTO webhook_endpoints (tenant_id, id, url, description, events, contacts, secrets, active, "
        "created_at) VALUES ($1, $2, 'https://1.1.1.1/', '', '{}', false, $3, true, now())",
        shop.salon.id,
        uuid4(),
        sealed,
    )
    await owner.close()
    told = await report(database_url, sealing_keys=[SecretStr(other)])
    for kind in ("linked calendar", "webhook", "second factor"):
        assert f"✗ 1 of 1 {kind}: sealed with a key that is not among ours" in " ".join(told.split())
    assert told.count("Put the key from the backup into STANDBY_SEALING_KEYS") == 3
    told = await report(database_url, sealing_keys=[SecretStr(other), SecretStr(key)])
    assert "Put the key" not in told
    assert "The keys open the secrets of 1 second factor" in told
