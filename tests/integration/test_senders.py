"""A salon's own senders: who sends for whom, what is kept of their secrets, and what follows when one fails."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr
from rich.console import Console

from standby.channel_trial import try_out
from standby.doctor.examination import examine
from standby.errors import Invalid
from standby.messages import senders
from standby.messages.sealing import CannotOpen, Seal
from standby.messages.senders import Sender, reseal
from standby.settings import Settings
from standby.waitlist import cascade, offers
from standby.wiring import System, system
from tests.approved import APPROVED
from tests.fakes.mailbox import Mailbox, mail_server
from tests.fakes.serving import Says
from tests.fakes.twilio import FakeTwilio
from tests.fakes.whatsapp import FakeWhatsApp
from tests.salon import SECRET, Clock, Shop, at_once, open_shop

KEY = Fernet.generate_key().decode()
TOKEN = "EAAGsecret0123"
NUMBER = "+4790000000"
TWILIO = Sender("twilio", NUMBER, {"account_sid": "AC1"}, {"auth_token": TOKEN})
WHATSAPP = Sender("whatsapp", NUMBER, {"phone_number_id": "1555"}, {"token": TOKEN, "app_secret": "app"})


@dataclass
class World:
    """An installation with fake providers, and a salon in it."""

    shop: Shop
    settings: Settings
    twilio: FakeTwilio
    whatsapp: FakeWhatsApp
    mailbox: Mailbox
    days: int = 0

    @property
    def parts(self) -> System:
        return self.shop.system

    async def appoint(self, channel: str, sender: Sender) -> None:
        async with self.shop.transaction() as tx:
            await senders.appoint(tx, channel, sender, seal=Seal([KEY]), now=self.shop.clock())

    async def offer(self, **customer: Any) -> None:
        """One customer waits, one slot comes free, and what follows is done."""
        await self.shop.join(**customer)
        self.days += 1
        await self.shop.free_slot(at=self.shop.clock() + timedelta(days=self.days))
        await self.shop.run_jobs()

    async def book_with_a_broken_sender(self) -> None:
        """A customer accepts what was offered, while the sender's credentials have become bad."""
        await self.appoint("sms", TWILIO)
        await self.offer(name="Kari", phone="+4741234567")
        await self.appoint("sms", replace(TWILIO, secrets={"auth_token": "wrong"}))
        offer = await self.shop.one("SELECT id FROM offers")
        async with self.shop.transaction() as tx:
            await offers.accept(tx, offer["id"], now=self.shop.clock(), actor="customer")
        await self.shop.run_jobs()

    async def told(self) -> list[tuple[str, str | None, str | None]]:
        """Every message's state, channel and provider."""
        rows = await self.shop.all("SELECT status, channel, provider FROM messages ORDER BY created_at, id")
        return [(row["status"], row["channel"], row["provider"]) for row in rows]


@pytest.fixture
async def world(database_url: str, clock: Clock) -> AsyncIterator[World]:
    async with installation(database_url, clock) as world:
        yield world


@asynccontextmanager
async def installation(url: str, clock: Clock) -> AsyncIterator[World]:
    twilio = FakeTwilio(account="AC1", token=TOKEN, senders={NUMBER}, contents={}, clock=clock)
    whatsapp = FakeWhatsApp(number_id="1555", token=TOKEN, templates=APPROVED, clock=clock)
    mailbox = Mailbox()
    async with twilio.served(), whatsapp.served(), mail_server(mailbox) as smtp:
        given: dict[str, Any] = {
            "smtp_url": SecretStr(smtp),
            "email_from": "post@example.com",
            "sealing_keys": KEY,
        }
        settings = Settings(
            database_url=url,
            secret_key=SecretStr(SECRET),
            twilio_api=twilio.url,
            whatsapp_api=whatsapp.url,
            **given,
        )
        async with system(settings, url, clock=clock) as parts:
            yield World(await open_shop(parts, clock), settings, twilio, whatsapp, mailbox)


async def test_an_offer_goes_out_by_the_salon_s_own_sms_sender(world: World) -> None:
    await world.appoint("sms", TWILIO)
    await world.offer(name="Kari", phone="+4741234567")
    assert await world.told() == [("sent", "sms", "twilio")]
    [message] = world.twilio.taken.values()
    assert (message.form["To"], message.form["From"]) == ("+4741234567", NUMBER)
    assert "/o/" in message.form["Body"]
    assert message.form["ValidityPeriod"] == "900"


async def test_by_whatsapp_it_is_an_approved_template_in_the_salon_s_language(world: World) -> None:
    await world.appoint("whatsapp", WHATSAPP)
    await world.offer(name="Kari", phone="+4741234567")
    assert await world.told() == [("sent", "whatsapp", "whatsapp")]
    [body] = world.whatsapp.taken.values()
    assert body["template"]["name"] == "standby_offer"
    values = [one["text"] for one in body["template"]["components"][0]["parameters"]]
    assert values[0] == "Kari"
    assert "/o/" in values[-1]


async def test_a_salon_without_a_sender_of_its_own_is_served_by_the_installation(world: World) -> None:
    await world.offer(name="Kari", email="kari@example.com")
    assert await world.told() == [("sent", "email", "smtp")]


async def test_another_salon_s_sender_is_not_used(world: World) -> None:
    other = await open_shop(world.parts, world.shop.clock, slug="other")
    await world.appoint("sms", TWILIO)
    await other.join("Ola")
    await other.free_slot()
    await other.run_jobs()
    assert world.twilio.taken == {}


async def test_what_the_provider_never_takes_goes_out_by_the_next_channel(world: World) -> None:
    await world.appoint("sms", TWILIO)
    world.twilio.next(Says(400, {"code": 21211, "message": "no such number", "status": 400}))
    await world.offer(name="Kari", email="kari@example.com")
    assert await world.told() == [("sent", "email", "smtp")]


async def test_who_opted_out_at_the_provider_is_not_written_to_there_again(world: World) -> None:
    await world.appoint("sms", TWILIO)
    world.twilio.opted_out.add("+4741234567")
    await world.offer(name="Kari", phone="+4741234567", email="kari@example.com")
    assert await world.told() == [("sent", "email", "smtp")]
    row = await world.shop.one("SELECT channels FROM customers WHERE email = 'kari@example.com'")
    assert "sms" not in row["channels"]
    row = await world.shop.one(
        "SELECT granted, source FROM consents WHERE channel = 'sms' AND source LIKE 'provider:%'"
    )
    assert tuple(row) == (False, "provider:twilio")


async def test_a_sender_that_is_refused_is_paused_and_the_offer_takes_the_next_channel(world: World) -> None:
    await world.appoint("sms", replace(TWILIO, secrets={"auth_token": "wrong"}))
    await world.offer(name="Kari", email="kari@example.com")
    assert await world.told() == [("sent", "email", "smtp")]
    row = await world.shop.one("SELECT paused_until, reason FROM channel_pauses")
    assert row["paused_until"] == world.shop.clock() + timedelta(minutes=15)
    assert "20003" in row["reason"]

    asked = world.twilio.asked
    await world.offer(name="Ola", email="ola@example.com")
    assert world.twilio.asked == asked, "a paused channel is not tried"


async def test_an_offer_waits_for_no_sender_that_is_refused_but_goes_to_the_next_in_line(
    world: World,
) -> None:
    await world.appoint("sms", replace(TWILIO, secrets={"auth_token": "wrong"}))
    await world.shop.join("Kari", phone="+4741234567", vip=True)
    await world.offer(name="Ola", phone="+4741234568", email="ola@example.com")
    assert sorted((status, channel) for status, channel, _ in await world.told()) == [
        ("failed", "sms"),
        ("sent", "email"),
    ]
    row = await world.shop.one("SELECT status, misses FROM waitlist_entries WHERE vip")
    assert tuple(row) == ("waiting", 0)
    assert await world.shop.broken() == []


async def test_what_waits_for_a_pause_goes_out_when_the_sender_is_set_anew(world: World) -> None:
    await world.book_with_a_broken_sender()
    assert [status for status, *_ in await world.told()] == ["sent", "queued"]
    await world.appoint("sms", TWILIO)
    await world.shop.pass_time(seconds=1)
    assert [status for status, *_ in await world.told()] == ["sent", "sent"]


async def test_what_is_about_a_time_that_has_begun_is_not_sent_any_more(world: World) -> None:
    await world.book_with_a_broken_sender()
    await world.shop.pass_time(days=2)
    assert [status for status, *_ in await world.told()] == ["sent", "dropped"]


async def test_a_provider_that_wants_a_long_wait_is_passed_by_if_there_is_another_channel(
    world: World,
) -> None:
    await world.appoint("sms", TWILIO)
    busy = {"code": 20429, "message": "slow down", "status": 429}
    world.twilio.next(Says(429, busy, {"Retry-After": "3600"}))
    await world.offer(name="Kari", email="kari@example.com")
    assert await world.told() == [("sent", "email", "smtp")]


async def test_two_workers_record_failures_of_the_same_channels_at_once_and_neither_waits_for_ever(
    world: World,
) -> None:
    await world.appoint("sms", TWILIO)
    for number in range(8):
        await world.shop.join(
            f"Customer {number}", phone=f"+474123450{number}", email=f"c{number}@example.com"
        )
        slot = await world.shop.free_slot(at=world.shop.clock() + timedelta(days=number + 1))
        async with world.shop.transaction() as tx:
            await cascade.fill(tx, slot, now=world.shop.clock())
    pool, now, lease = world.parts.worker_pool, world.shop.clock(), uuid4()
    ids = [
        row["id"]
        for row in await world.shop.all("SELECT id FROM messages WHERE kind = 'offer' ORDER BY slot_id")
    ]
    tenants = [world.shop.salon.id] * len(ids)
    for second, message_id in enumerate(ids):  # The number sends one a second.
        await pool.fetch(
            "SELECT * FROM claim_messages($1, $2, $3, $4, $5, $6, $7)",
            tenants[:1], [message_id], [uuid4().bytes * 2], lease, now + timedelta(minutes=1),
            now + timedelta(seconds=second), ["email"],
        )  # fmt: skip
    async with world.shop.transaction() as tx:
        await tx.execute(
            "UPDATE messages SET channel = 'email' WHERE id = ANY ($1)", [ids[1], ids[2], ids[5], ids[6]]
        )

    async def record(mine: list[UUID]) -> None:
        every = len(mine)
        await pool.execute(
            "SELECT record_outcomes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            tenants[:every], mine, [lease] * every, ["retry"] * every, ["x"] * every, [None] * every,
            ["busy"] * every, [now] * every, [now] * every, [1] * every,
        )  # fmt: skip

    # The one has SMS before email, the other email before SMS.
    recorded = await at_once(
        record([ids[0], ids[2], ids[4], ids[6]]), record([ids[1], ids[3], ids[5], ids[7]])
    )
    assert recorded == [None, None]
    paused = await world.shop.all("SELECT channel FROM channel_pauses ORDER BY channel")
    assert [row["channel"] for row in paused] == ["email", "sms"]


async def test_five_failures_in_a_row_pause_a_channel_and_one_success_forgets_them(world: World) -> None:
    await world.appoint("sms", TWILIO)
    busy = Says(429, {"code": 20429, "message": "slow down", "status": 429})
    world.twilio.next(*[busy] * 3)
    await world.offer(name="Kari", phone="+4741234567")
    for _ in range(4):
        await world.shop.pass_time(seconds=10)
    assert await world.told() == [("sent", "sms", "twilio")]
    assert await world.shop.all("SELECT * FROM channel_pauses") == []

    world.twilio.next(*[busy] * 8)
    await world.offer(name="Ola", phone="+4741234568")
    await world.offer(name="Siri", phone="+4741234569")
    for _ in range(3):
        await world.shop.pass_time(seconds=10)
    row = await world.shop.one("SELECT failures, paused_until FROM channel_pauses")
    assert row["failures"] >= 5
    assert row["paused_until"] > world.shop.clock()


async def test_a_change_of_the_sender_holds_from_the_next_message_on(world: World) -> None:
    await world.appoint("sms", TWILIO)
    await world.offer(name="Kari", phone="+4741234567")
    async with world.shop.transaction() as tx:
        assert await senders.dismiss(tx, "sms", now=world.shop.clock())
        assert not await senders.dismiss(tx, "sms", now=world.shop.clock())
    await world.offer(name="Ola", phone="+4741234568", email="ola@example.com")
    assert [provider for _, _, provider in await world.told()] == ["twilio", "smtp"]


async def test_the_database_never_holds_a_secret_that_can_be_read(world: World) -> None:
    await world.appoint("sms", TWILIO)
    row = await world.shop.one("SELECT senders::text AS all_of_it, secrets FROM senders")
    assert TOKEN not in row["all_of_it"]
    assert TOKEN.encode() not in row["secrets"]
    assert TOKEN not in repr(TWILIO)


async def test_keys_are_changed_without_losing_a_secret(world: World) -> None:
    await world.appoint("sms", TWILIO)
    new = Fernet.generate_key().decode()
    assert await reseal(world.parts.worker_pool, Seal([new, KEY])) == 1
    row = await world.shop.one("SELECT secrets FROM senders")
    assert Seal([new]).open(row["secrets"]) == {"auth_token": TOKEN}
    with pytest.raises(CannotOpen):
        Seal([KEY]).open(row["secrets"])


async def test_a_secret_that_can_t_be_opened_pauses_the_channel_and_the_doctor_says_so(world: World) -> None:
    async with world.shop.transaction() as tx:
        other = Seal([Fernet.generate_key().decode()])
        await senders.appoint(tx, "sms", TWILIO, seal=other, now=world.shop.clock())
    await world.offer(name="Kari", phone="+4741234567", email="kari@example.com")
    assert await world.told() == [("sent", "email", "smtp")]
    assert "STANDBY_SEALING_KEYS" in await report(world)


async def test_the_doctor_asks_each_provider_whether_it_takes_the_credentials(world: World) -> None:
    await world.appoint("sms", TWILIO)
    await world.appoint("whatsapp", replace(WHATSAPP, secrets={"token": "wrong", "app_secret": "app"}))
    said = await report(world)
    assert "shop: sms: twilio answers" in said
    assert "shop: whatsapp: whatsapp: 190" in said


async def test_all_that_is_wrong_with_a_sender_is_told_at_once(world: World) -> None:
    mail = Sender("smtp", "kari", {}, {"url": "smtp://user:hunter2/x@mail.example.com"})
    with pytest.raises(Invalid) as raised:
        await world.appoint("email", mail)
    assert {one.field for one in raised.value.problems} == {"address", "url"}
    assert "hunter2" not in str(raised.value.details)
    wrong = Sender("twilio", "90 00 00 00", {"sid": "AC1"}, {})
    with pytest.raises(Invalid) as raised:
        await world.appoint("email", wrong)
    assert {one.field for one in raised.value.problems} == {
        "channel", "address", "account_sid", "sid", "auth_token",
    }  # fmt: skip
    with pytest.raises(Invalid, match="errors"):
        await world.appoint("sms", replace(wrong, provider="pigeon"))


def public_key(private: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(der).decode()


@pytest.mark.parametrize(
    ("key", "problems"),
    [
        (public_key(ec.generate_private_key(ec.SECP256R1())), set()),
        (public_key(ec.generate_private_key(ec.SECP384R1())), {"verification_key"}),
        (public_key(ed25519.Ed25519PrivateKey.generate()), {"verification_key"}),
        ("SG.an-api-key", {"verification_key"}),
        ("MFkw", {"verification_key"}),
        ("", {"verification_key"}),
    ],
    ids=["a key of SendGrid's", "another curve", "another kind of key", "no base64", "no key", "nothing"],
)
async def test_a_key_by_which_no_event_could_be_verified_is_not_taken(
    world: World, key: str, problems: set[str]
) -> None:
    mail = Sender("sendgrid", "salon@example.com", {"verification_key": key}, {"api_key": "SG.hush"})
    try:
        await world.appoint("email", mail)
        found = set()
    except Invalid as invalid:
        found = {one.field for one in invalid.problems}
    assert found == problems


@pytest.mark.parametrize(
    ("channel", "to", "taken", "said"),
    [
        ("sms", "412 34 567", True, "twilio took it for +4741234567, as SM"),
        ("sms", "+4741234568", False, "twilio: optedout: 21610"),
        ("sms", "12", False, "12 is no valid phone number"),
        ("email", "kari@example.com", True, "smtp took it for kari@example.com"),
        ("whatsapp", "412 34 567", False, "Nobody sends by whatsapp for shop"),
    ],
)
async def test_one_real_message_shows_whether_a_channel_works(
    *, world: World, channel: str, to: str, taken: bool, said: str
) -> None:
    await world.appoint("sms", TWILIO)
    world.twilio.opted_out.add("+4741234568")
    assert world.settings.database_url is not None
    tried = await try_out(world.settings, world.settings.database_url, "shop", channel, to, "hello_world")
    assert tried.taken == taken
    assert tried.said.startswith(said)
    assert await world.told() == []


async def report(world: World) -> str:
    said = StringIO()
    assert world.settings.database_url is not None
    await examine(world.settings, world.settings.database_url, Console(file=said, width=200))
    return said.getvalue()
