"""A salon's own texts: checked, kept, its own alone, looked at before they are sent, and really sent."""

from dataclasses import replace
from itertools import product
from typing import Any

import httpx
from structlog.testing import capture_logs

from standby.channels.base import Outgoing
from standby.channels.limits import segments
from standby.messages import preview, texts
from standby.messages.catalogue import CATALOGUES
from standby.messages.kinds import KINDS, PARTS
from standby.messages.texts import LONGEST, Text
from tests.api import error_of, token_for
from tests.salon import Shop, open_shop

OWN = Text("Quick, {first_name}!", "Oi {first_name}, {service} {when}{price}?", "Oi {first_name}, {when}?")


async def save(shop: Shop, text: Text = OWN, kind: str = "offer", language: str = "en") -> None:
    async with shop.transaction() as tx:
        await texts.save(tx, kind, language, text, now=shop.clock(), by="test")


async def own_of(shop: Shop) -> dict[tuple[str, str], Text]:
    async with shop.transaction() as tx:
        listed = await texts.all_of(tx)
    return {(one.kind, one.language): one.own.text for one in listed.items if one.own is not None}


async def offer(shop: Shop, name: str = "Kari Nordmann", *, by: str = "sms", **customer: Any) -> Outgoing:
    """What the customer gets when a slot is offered by the channel."""
    async with shop.transaction() as tx:
        await tx.execute("UPDATE policies SET channel_order = $1", [by])
    await shop.join(name, **customer)
    await shop.free_slot()
    await shop.run_jobs()
    message = shop.messages()[-1].message
    assert message.channel == by
    return message


def problems_of(response: httpx.Response) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in error_of(response, 422)["details"]["errors"]:
        found.setdefault(one["field"], []).append(one["message"])
    return found


async def test_an_own_text_goes_out_by_sms(shop: Shop) -> None:
    await save(shop)
    message = await offer(shop)
    assert message.text == f"Oi Kari, Tue 24 Nov 13:00? Answer YES or NO, or open the link.\n{message.link}"
    assert message.segments == segments(message.text).count == 1


async def test_an_own_text_goes_out_by_email_and_what_it_doesnt_say_is_said_in_ours(shop: Shop) -> None:
    await save(shop, replace(OWN, subject=None))
    message = await offer(shop, by="email", email="kari@example.com")
    assert message.segments == 0
    assert message.subject == "A time came free at Shop"
    assert message.text.startswith("Oi Kari, Haircut Tuesday 24 November at 13:00, NOK 650?\n")
    assert "Oi Kari, Haircut" in message.html


async def test_by_whatsapp_the_template_has_the_values_of_the_own_text(shop: Shop) -> None:
    await save(shop)
    async with shop.transaction() as tx:
        templates = await texts.of_salon(tx)
    template = (await offer(shop, by="whatsapp")).template
    assert template is not None
    assert template.values[:3] == ("Kari", "Haircut", "Tuesday 24 November at 13:00, NOK 650")
    [approved] = [one for one in templates if one.name == template.name]
    assert approved.text == "Oi {{1}}, {{2}} {{3}}?\n{{4}}\nOpen the link to answer."
    assert len(template.values) == 4
    assert {one.language for one in templates} == {"en"}


async def test_a_text_in_another_language_or_of_another_kind_isnt_taken(shop: Shop) -> None:
    await save(shop, language="nb")
    await save(shop, kind="booked", text=Text(sms="Done!"))
    assert (await offer(shop)).text.startswith("A time at Shop: Haircut with ")


async def test_a_text_that_cant_be_filled_in_stops_no_message(shop: Shop) -> None:
    await save(shop)
    async with shop.transaction() as tx:
        await tx.execute("UPDATE texts SET sms = 'Oi {nobody} {'")
    with capture_logs() as logged:
        message = await offer(shop)
    assert message.text.startswith("A time at Shop: ")
    assert "own_text_unusable" in {one["event"] for one in logged}


async def test_another_salon_neither_sees_nor_sends_it(shop: Shop) -> None:
    other = await open_shop(shop.system, shop.clock, slug="other")
    await save(shop)
    await save(other, Text(sms="Ours, {first_name}!"))
    async with other.transaction() as tx:
        await texts.remove(tx, "booked", "en")
    assert await own_of(shop) == {("offer", "en"): OWN}
    assert await own_of(other) == {("offer", "en"): Text(sms="Ours, {first_name}!")}
    assert (await offer(other)).text.startswith("Ours, Kari! ")
    async with other.transaction() as tx:
        await texts.remove(tx, "offer", "en")
    assert await own_of(shop) == {("offer", "en"): OWN}
    assert await own_of(other) == {}


async def test_a_saved_text_replaces_the_one_before_as_a_whole(shop: Shop) -> None:
    await save(shop)
    shop.clock.forward(hours=1)
    await save(shop, Text(sms="  Later, {first_name}.\r\n"))
    assert await own_of(shop) == {("offer", "en"): Text(sms="Later, {first_name}.")}
    row = await shop.one("SELECT changed_at, changed_by FROM texts")
    assert tuple(row) == (shop.clock(), "test")


async def test_the_longest_texts_can_be_kept(shop: Shop) -> None:
    longest = Text(*("x" * LONGEST[part] for part in PARTS))
    await save(shop, longest)
    assert await own_of(shop) == {("offer", "en"): longest}


async def test_the_api_keeps_lists_and_removes_a_text(shop: Shop, api: httpx.AsyncClient) -> None:
    given = {"subject": "Quick!", "sms": "Oi {first_name}!"}
    assert (await api.put("/api/texts/offer/en", json=given)).status_code == 204
    listed = (await api.get("/api/texts")).json()
    assert (listed["language"], listed["falls_back"]) == ("en", False)
    assert len(listed["items"]) == len(KINDS) * len(CATALOGUES)
    [one] = [item for item in listed["items"] if item["own"]]
    assert (one["kind"], one["language"], one["own"]["changed_by"]) == ("offer", "en", "token:test")
    assert one["own"]["text"] == given | {"body": None}
    assert one["ours"]["subject"] == "A time came free at {salon}"
    assert {"name": "until", "explanation": "until when the time is held", "needed": False} in one["places"]
    for _ in range(2):
        assert (await api.delete("/api/texts/offer/en")).status_code == 204
    assert await own_of(shop) == {}


async def test_the_api_tells_all_problems_at_once(shop: Shop, api: httpx.AsyncClient) -> None:
    given = {"subject": "a\nb", "body": "Hi {code}", "sms": "x" * 500, "title": "?"}
    found = problems_of(await api.put("/api/texts/offer/en", json=given))
    assert {field: len(said) for field, said in found.items()} == {
        "title": 1,
        "subject": 1,
        "body": 2,
        "sms": 1,
    }
    assert set(problems_of(await api.put("/api/texts/offer/en", json={"subject": 5}))) == {"subject"}
    assert set(problems_of(await api.put("/api/texts/nothing/xx", json={"sms": "{"}))) == {
        "kind",
        "language",
        "sms",
    }
    assert set(problems_of(await api.put("/api/texts/offer/en", json={}))) == {"body"}
    assert set(problems_of(await api.delete("/api/texts/nothing/xx"))) == {"kind", "language"}
    assert await own_of(shop) == {}


async def test_a_preview_shows_each_channel_and_keeps_nothing(shop: Shop, api: httpx.AsyncClient) -> None:
    given = {"subject": "{salon}!", "body": "Oi {first_name}, {when}{price}.", "sms": "Ł {when}"}
    answer = await api.post("/api/texts/offer/en/preview", json=given)
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    link = "http://standby.test/o/" + "x" * 43
    assert seen["whatsapp"]["text"] == f"Oi Emma, Tuesday 24 November at 14:00, NOK 650.\n{link}"
    assert seen["whatsapp"]["template"].startswith("standby_offer_")
    assert seen["sms"]["text"] == f"Ł Tue 24 Nov 14:00\n{link}"
    assert (seen["sms"]["segments"], seen["sms"]["encoding"], seen["sms"]["cut"]) == (2, "UCS-2", False)
    assert seen["email"]["subject"] == "Shop!"
    assert "Oi Emma, Tuesday 24 November" in seen["email"]["html"].replace("\N{NO-BREAK SPACE}", " ")
    assert seen["falls_back"] is False
    assert await own_of(shop) == {}
    refused = await api.post("/api/texts/offer/en/preview", json={"sms": "{nobody}"})
    assert set(problems_of(refused)) == {"sms"}


async def test_every_kind_can_be_previewed_as_it_is(api: httpx.AsyncClient) -> None:
    for kind, language in product(KINDS, CATALOGUES):
        answer = await api.post(f"/api/texts/{kind}/{language}/preview", json={})
        assert answer.status_code == 200, answer.text
        seen = answer.json()
        assert not set("{}") & set(seen["whatsapp"]["text"] + seen["sms"]["text"] + seen["email"]["subject"])


async def test_a_preview_is_in_the_salon_s_own_zone_locale_and_currency(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await tx.execute(
            "UPDATE tenants SET locale = 'en_US', timezone = 'America/New_York', currency = 'USD'"
        )
        seen = await preview.show(tx, "reminder", "en", Text(), public_url="", now=shop.clock())
    assert "Tuesday November 24 at 2:00 PM" in seen.text


async def test_a_salon_without_texts_in_its_language_sees_that_it_reads_english(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    await save(shop)
    async with shop.transaction() as tx:
        await tx.execute("UPDATE tenants SET locale = 'de'")
    listed = (await api.get("/api/texts")).json()
    assert (listed["language"], listed["falls_back"]) == ("en", True)
    seen = (await api.post("/api/texts/offer/en/preview", json={})).json()
    assert seen["falls_back"] is True
    assert (await offer(shop)).text.startswith("Oi Kari, Tue 24 Nov 13:00?"), "its own English too"


async def test_another_salon_s_token_changes_its_own_texts_only(shop: Shop, api: httpx.AsyncClient) -> None:
    other = await open_shop(shop.system, shop.clock, slug="other")
    await save(shop)
    await save(other)
    headers = {"Authorization": f"Bearer {token_for(other)}"}
    assert (await api.delete("/api/texts/offer/en", headers=headers)).status_code == 204
    assert await own_of(shop) == {("offer", "en"): OWN}
    assert await own_of(other) == {}


async def test_a_message_that_is_too_long_is_cut_by_its_channel_and_that_is_logged(shop: Shop) -> None:
    await save(shop, Text(sms="{first_name}" * 20))
    with capture_logs() as logged:
        message = await offer(shop, "Ka" * 100)
    assert [one["channel"] for one in logged if one["event"] == "message_cut"] == ["sms"]
    assert message.segments == 11, "of the 1600 letters that the provider is given"
