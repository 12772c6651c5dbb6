"""What customers write and tap: booked, passed on, asked back, closed and opened, or left to the salon; each once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from standby.channels.base import Outgoing
from standby.channels.events import Reply
from standby.messages import inbound
from standby.waitlist import offers
from standby.waitlist.answers import book_button, decline_button
from tests.api import error_of
from tests.salon import Shop, at_once

ids = count(1)


@dataclass
class Kari:
    """A customer with a phone, who waits for a cut."""

    shop: Shop
    phone: str
    entry: UUID

    async def says(self, text: str, *, channel: str = "whatsapp", **more: Any) -> str | None:
        """What became of it; what it set off is done."""
        given: dict[str, Any] = {"dedupe_key": f"wamid.{next(ids)}", "at": self.shop.clock(), "button": None}
        reply = Reply(
            **(
                given
                | {"sender": self.phone, "address": "1555", "text": text, "in_reply_to": None, "opt": None}
                | more
            )
        )
        async with self.shop.transaction() as tx:
            became = await inbound.take(tx, channel, reply, now=self.shop.clock())
        await self.shop.run_jobs()
        return became

    def read(self) -> list[Outgoing]:
        """All that came to the phone, oldest first."""
        return [one.message for one in self.shop.messages() if one.message.to == self.phone]

    async def channels(self) -> set[str]:
        row = await self.shop.one("SELECT channels FROM customers WHERE phone = $1", self.phone)
        return set(row["channels"])


@pytest.fixture
async def kari(shop: Shop) -> Kari:
    return await waiting(shop)


async def waiting(shop: Shop, name: str = "Kari", **wish: Any) -> Kari:
    phone = shop.phone()
    return Kari(shop, phone, (await shop.join(name, phone=phone, **wish)).entry_id)


async def offered(shop: Shop, *, hours: int = 24, staff: UUID | None = None) -> UUID:
    """A time comes free and is offered; the newest offer."""
    await shop.free_slot(at=shop.clock() + timedelta(hours=hours), staff=staff)
    await shop.run_jobs()
    row = await shop.one("SELECT id FROM offers ORDER BY offered_at DESC, id DESC LIMIT 1")
    offer_id: UUID = row["id"]
    return offer_id


async def replies(shop: Shop) -> list[asyncpg.Record]:
    return await shop.all("SELECT outcome, handled_at, offer_id FROM replies ORDER BY received_at, id")


async def test_a_yes_books_the_time_and_the_answer_comes_back_by_the_same_channel(kari: Kari) -> None:
    offer = await offered(kari.shop)
    assert await kari.says("Ja takk!", channel="sms") == "booked"
    assert await kari.shop.status_of("offers", offer) == "accepted"
    assert [(one.kind, one.channel) for one in kari.read()] == [("offer", "whatsapp"), ("booked", "sms")]
    assert "You're booked" in kari.read()[-1].text


async def test_a_no_passes_the_time_on_to_the_next(kari: Kari) -> None:
    kari.shop.clock.forward(minutes=1)
    ola = await waiting(kari.shop, "Ola")
    await offered(kari.shop)
    assert await kari.says("nei") == "passed_on"
    assert [one.kind for one in kari.read()] == ["offer", "passed_on"]
    assert [one.kind for one in ola.read()] == ["offer"]
    assert await kari.shop.status_of("waitlist_entries", kari.entry) == "cooldown"


async def test_a_tapped_button_answers_the_offer_that_it_came_with(kari: Kari) -> None:
    first = await offered(kari.shop)
    [message] = kari.read()
    assert [button.id for button in message.buttons] == [book_button(first), decline_button(first)]
    assert await kari.says("Book it", button=book_button(first)) == "booked"


async def test_the_same_reply_counts_once_however_often_it_comes(kari: Kari) -> None:
    await offered(kari.shop)
    kari.shop.system.phones.messages.clear()
    became = [await kari.says("no", dedupe_key="wamid.twice") for _ in range(3)]
    assert became == ["passed_on", None, None]
    assert [one.kind for one in kari.read()] == ["passed_on"]


async def test_of_two_at_once_of_the_same_reply_one_counts(kari: Kari) -> None:
    await offered(kari.shop)
    both = await at_once(*(kari.says("yes", dedupe_key="wamid.both") for _ in range(2)))
    assert sorted(both, key=str) == ["None", "booked"] or set(both) == {None, "booked"}
    assert len(await kari.shop.all("SELECT FROM bookings WHERE status = 'confirmed'")) == 1


async def test_a_second_yes_gets_the_first_one_s_result(kari: Kari) -> None:
    await offered(kari.shop)
    assert await kari.says("yes") == "booked"
    assert await kari.says("yes!") == "booked"
    assert [one.kind for one in kari.read()] == ["offer", "booked", "booked"]
    assert len(await kari.shop.all("SELECT FROM bookings WHERE status = 'confirmed'")) == 1


async def test_a_no_after_the_yes_takes_nothing_back_and_the_salon_reads_it(kari: Kari) -> None:
    offer = await offered(kari.shop)
    await kari.says("yes")
    assert await kari.says("no") == "no_after_yes"
    assert await kari.shop.status_of("offers", offer) == "accepted"
    assert [row["handled_at"] is None for row in await replies(kari.shop)] == [False, True]


async def test_a_yes_that_comes_too_late_is_told_why(kari: Kari) -> None:
    offer = await offered(kari.shop)
    await kari.shop.pass_time(minutes=16)
    assert await kari.says("yes") == "too_late"
    assert await kari.shop.status_of("offers", offer) == "expired"
    assert kari.read()[-1].kind == "too_late"
    row = await kari.shop.one("SELECT details FROM messages WHERE kind = 'too_late'")
    assert row["details"] == {"why": "expired"}


async def test_even_when_the_time_itself_has_begun(kari: Kari) -> None:
    await offered(kari.shop, hours=1)
    await kari.shop.pass_time(hours=2)
    assert await kari.says("yes") == "too_late"
    assert kari.read()[-1].kind == "too_late"


async def test_who_has_two_offers_is_asked_which_one_and_answers_by_number(kari: Kari) -> None:
    async with kari.shop.transaction() as tx:
        await tx.execute("UPDATE policies SET max_active_entries = 5")
    await kari.shop.join(phone=kari.phone, service_id=kari.shop.cut, staff_id=kari.shop.alex)
    first = await offered(kari.shop, staff=kari.shop.kim)
    second = await offered(kari.shop, hours=30, staff=kari.shop.alex)
    assert first != second
    assert await kari.says("yes") == "which_one"
    assert {await kari.shop.status_of("offers", one) for one in (first, second)} == {"pending"}
    row = await kari.shop.one("SELECT details FROM messages WHERE kind = 'which_one'")
    asked = [UUID(choice["offer"]) for choice in row["details"]["choices"]]
    assert set(asked) == {first, second}
    assert await kari.says("YES 2") == "booked"
    assert await kari.shop.status_of("offers", asked[1]) == "accepted"
    assert await kari.shop.status_of("offers", asked[0]) == "pending"
    assert await kari.says("no 9") == "which_one"


async def several_open(kari: Kari) -> None:
    async with kari.shop.transaction() as tx:
        await tx.execute("UPDATE policies SET max_active_entries = 5")
    await kari.shop.join(phone=kari.phone, service_id=kari.shop.cut, staff_id=kari.shop.alex)
    await offered(kari.shop, staff=kari.shop.kim)
    await offered(kari.shop, hours=30, staff=kari.shop.alex)


async def test_a_number_is_of_the_question_that_they_had_read_when_they_wrote_it(kari: Kari) -> None:
    await several_open(kari)
    assert await kari.says("yes") == "which_one"
    row = await kari.shop.one("SELECT details FROM messages WHERE kind = 'which_one'")
    meant = UUID(row["details"]["choices"][0]["offer"])
    wrote = kari.shop.clock.forward(seconds=30)
    kari.shop.clock.forward(seconds=20)
    await kari.shop.join(phone=kari.phone, staff_id=kari.shop.kim, earliest=wrote + timedelta(days=3))
    newer = await offered(kari.shop, hours=80, staff=kari.shop.kim)
    assert await kari.says("ja") == "which_one"
    assert await kari.says("YES 1", at=wrote) == "booked"
    assert await kari.shop.status_of("offers", meant) == "accepted"
    assert await kari.shop.status_of("offers", newer) == "pending"


async def test_a_number_of_a_question_long_ago_is_asked_back(kari: Kari) -> None:
    await several_open(kari)
    assert await kari.says("yes") == "which_one"
    for _ in range(2):
        await kari.shop.pass_time(days=1)
    offer = await offered(kari.shop, staff=kari.shop.kim)
    assert await kari.says("ja 1") == "which_one"
    assert await kari.shop.status_of("offers", offer) == "pending"


async def test_the_message_that_a_text_answers_says_which_offer_it_is_about(kari: Kari) -> None:
    async with kari.shop.transaction() as tx:
        await tx.execute("UPDATE policies SET max_active_entries = 5")
    await kari.shop.join(phone=kari.phone, service_id=kari.shop.cut, staff_id=kari.shop.alex)
    first = await offered(kari.shop, staff=kari.shop.kim)
    second = await offered(kari.shop, hours=30, staff=kari.shop.alex)
    about = await kari.shop.one("SELECT provider_id FROM messages WHERE offer_id = $1", second)
    assert await kari.says("yes", in_reply_to=about["provider_id"]) == "booked"
    assert await kari.shop.status_of("offers", second) == "accepted"
    assert await kari.shop.status_of("offers", first) == "pending"


async def test_an_answer_is_never_about_an_offer_that_was_made_after_it(kari: Kari) -> None:
    before = kari.shop.clock()
    kari.shop.clock.forward(minutes=10)
    offer = await offered(kari.shop)
    assert await kari.says("yes", at=before) == "nothing_to_answer"
    assert await kari.shop.status_of("offers", offer) == "pending"


async def test_another_customer_s_button_books_nothing(kari: Kari) -> None:
    offer = await offered(kari.shop)
    ola = await waiting(kari.shop, "Ola")
    assert await ola.says("Book it", button=book_button(offer)) == "no_such_offer"
    assert await kari.shop.status_of("offers", offer) == "pending"


async def test_a_customer_without_a_number_is_known_by_the_message_that_they_answered(kari: Kari) -> None:
    offer = await offered(kari.shop)
    sent = await kari.shop.one("SELECT provider_id FROM messages")
    tapped = {"button": book_button(offer), "in_reply_to": sent["provider_id"]}
    assert await kari.says("Book it", sender=None, **tapped) == "booked"


async def test_stop_closes_that_channel_at_once_and_start_opens_it(kari: Kari) -> None:
    assert await kari.says("STOP") == "stopped"
    assert await kari.channels() == {"sms"}
    assert [one.kind for one in kari.read()] == ["stopped"]
    await offered(kari.shop)
    assert kari.read()[-1].channel == "sms"
    assert await kari.says("Start.") == "started"
    assert await kari.channels() == {"sms", "whatsapp"}
    said = await kari.shop.all(
        "SELECT channel, granted, source FROM consents WHERE source LIKE 'reply:%' ORDER BY at, id"
    )
    assert [tuple(row) for row in said] == [
        ("whatsapp", False, "reply:whatsapp"),
        ("whatsapp", True, "reply:whatsapp"),
    ]


async def test_a_provider_that_has_stopped_its_messages_itself_is_not_asked_to_send_one(kari: Kari) -> None:
    assert await kari.says("STOP", channel="sms", opt="out") == "stopped"
    assert await kari.channels() == {"whatsapp"}
    assert kari.read() == []
    assert await kari.says("yes", channel="sms", opt="in") == "started"


async def test_a_yes_that_the_provider_takes_for_start_is_an_answer_too(kari: Kari) -> None:
    offer = await offered(kari.shop)
    assert await kari.says("YES", channel="sms", opt="in") == "booked"
    assert await kari.shop.status_of("offers", offer) == "accepted"


async def test_a_yes_after_stop_opens_the_channel_and_answers_the_open_offer(kari: Kari) -> None:
    offer = await offered(kari.shop)
    kari.shop.clock.forward(seconds=1)
    await kari.says("STOP", channel="sms", opt="out")
    kari.shop.clock.forward(seconds=1)
    assert await kari.says("yes", channel="sms", opt="in") == "booked"
    assert await kari.shop.status_of("offers", offer) == "accepted"
    assert await kari.channels() == {"sms", "whatsapp"}


async def test_what_they_have_closed_stays_closed_whoever_books_for_them(kari: Kari) -> None:
    await kari.says("STOP", channel="sms")
    await kari.shop.book(phone=kari.phone)
    await kari.shop.join(phone=kari.phone, service_id=kari.shop.colour, email="kari@example.com")
    assert await kari.channels() == {"whatsapp", "email"}
    said = await kari.shop.all("SELECT FROM consents WHERE channel = 'sms' AND granted")
    assert len(said) == 1
    await kari.says("START", channel="sms")
    assert await kari.channels() == {"whatsapp", "email", "sms"}


async def test_anything_else_reaches_the_salon_and_they_are_told_what_they_can_do_once_a_day(
    kari: Kari,
) -> None:
    assert await kari.says("Kan jeg komme litt senere?") == "not_understood"
    assert await kari.says("Hallo?") == "not_understood"
    assert [one.kind for one in kari.read()] == ["help"]
    assert [row["handled_at"] for row in await replies(kari.shop)] == [None, None]
    await kari.shop.pass_time(hours=24)
    await kari.says("Er det noen der?")
    assert [one.kind for one in kari.read()] == ["help", "help"]


async def test_a_yes_to_nothing_is_answered_with_what_they_can_do(kari: Kari) -> None:
    assert await kari.says("yes") == "nothing_to_answer"
    assert [one.kind for one in kari.read()] == ["help"]


async def test_a_stranger_s_words_are_kept_for_the_salon_and_not_answered(shop: Shop) -> None:
    stranger = Kari(shop, "+4799999999", UUID(int=0))
    assert await stranger.says("Hei, har dere ledig?") == "unknown_sender"
    assert stranger.read() == []
    [row] = await replies(shop)
    assert row["handled_at"] is None


async def test_after_they_wrote_whatsapp_takes_any_text_for_a_day(kari: Kari) -> None:
    await kari.says("Hei")
    await offered(kari.shop)
    assert kari.read()[-1].in_conversation
    await kari.shop.pass_time(hours=25)
    await kari.says("Hei", channel="sms")
    ola = await waiting(kari.shop, "Ola")
    await offered(kari.shop)
    assert not [*kari.read(), *ola.read()][-1].in_conversation


async def test_what_a_salon_s_rate_holds_back_does_not_hold_back_an_answer(kari: Kari) -> None:
    async with kari.shop.transaction() as tx:
        await tx.execute("UPDATE policies SET messages_per_minute = 1")
    await offered(kari.shop)
    await kari.says("no")
    assert [one.kind for one in kari.read()] == ["offer", "passed_on"]


async def test_accepting_by_link_and_by_text_at_once_books_once(kari: Kari) -> None:
    offer = await offered(kari.shop)

    async def by_link(at: datetime) -> object:
        async with kari.shop.transaction() as tx:
            return await offers.accept(tx, offer, now=at, actor="customer")

    await at_once(by_link(kari.shop.clock()), kari.says("yes"), by_link(kari.shop.clock()), kari.says("ja"))
    assert len(await kari.shop.all("SELECT FROM bookings WHERE status = 'confirmed'")) == 1
    assert await kari.shop.broken() == []


async def test_the_salon_s_inbox_has_what_somebody_must_read_until_somebody_has(
    kari: Kari, api: httpx.AsyncClient
) -> None:
    await offered(kari.shop)
    for text in ("Hei?", "yes", "Takk!"):
        await kari.says(text)
        kari.shop.clock.forward(seconds=1)
    first = (await api.get("/api/inbox", params={"limit": 1})).json()
    rest = (await api.get("/api/inbox", params={"cursor": first["next_cursor"]})).json()
    assert [one["text"] for one in first["items"] + rest["items"]] == ["Takk!", "Hei?"]
    assert first["items"][0]["customer_name"] == "Kari"
    for _ in range(2):
        assert (await api.post(f"/api/inbox/{first['items'][0]['id']}/read")).status_code == 204
    unread = (await api.get("/api/inbox")).json()["items"]
    assert [one["text"] for one in unread] == ["Hei?"]
    everything = (await api.get("/api/inbox", params={"of": "all"})).json()["items"]
    assert [(one["text"], one["outcome"]) for one in everything] == [
        ("Takk!", "not_understood"),
        ("yes", "booked"),
        ("Hei?", "not_understood"),
    ]
    assert error_of(await api.post(f"/api/inbox/{kari.entry}/read"), 404)["code"] == "REPLY_NOT_FOUND"


async def test_messages_are_listed_with_their_state(kari: Kari, api: httpx.AsyncClient) -> None:
    await offered(kari.shop)
    await kari.says("nei")
    listed = (await api.get("/api/messages")).json()["items"]
    assert [(one["kind"], one["status"], one["channel"]) for one in listed] == [
        ("passed_on", "sent", "whatsapp"),
        ("offer", "sent", "whatsapp"),
    ]
    nobody = (await api.get("/api/messages", params={"customer_id": str(kari.entry)})).json()
    assert nobody == {"items": [], "next_cursor": None}


async def test_who_says_ok_to_everything_is_not_answered_for_ever(kari: Kari) -> None:
    await offered(kari.shop)
    for _ in range(5):
        await kari.says("ok")
    assert [one.kind for one in kari.read()] == ["offer", "booked", "booked"]


async def test_stop_counts_without_a_number_too(kari: Kari) -> None:
    await offered(kari.shop)
    sent = await kari.shop.one("SELECT provider_id FROM messages")
    assert await kari.says("STOP", sender=None, in_reply_to=sent["provider_id"]) == "stopped"
    assert await kari.channels() == {"sms"}
