"""The list of events, its page in the docs and the API's description say the same; retries last a day."""

import base64
import hmac
import re
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from itertools import accumulate
from typing import get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from standby.clock import now
from standby.waitlist.lifecycle import BOOKING, ENTRY, OFFER, BookingState
from standby.webhooks.addresses import Addresses
from standby.webhooks.events import EVENTS, TEST, EventType, body_of
from standby.webhooks.schedule import JITTER, LONGEST_REST, SHORTEST_REST, WAITS, rest_after, wait_after
from standby.webhooks.signing import new_secret, signing
from tests.api import described
from tests.unit.test_docs import ROOT

PAGE = ROOT / "docs" / "webhooks.md"


def test_what_a_webhook_can_ask_for_is_every_event_but_the_test() -> None:
    assert {*get_args(EventType), TEST} == EVENTS.keys()


def test_the_page_lists_every_event_and_says_of_it_what_the_list_says() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(rows) == {name: event.happens for name, event in EVENTS.items()}


def test_the_api_describes_every_event_with_its_payload() -> None:
    assert described()["webhooks"].keys() == EVENTS.keys()
    for name in EVENTS:
        body = described()["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
        schema = described()["components"]["schemas"][body["$ref"].rpartition("/")[2]]
        assert schema["properties"]["type"]["const"] == name
        assert set(schema["required"]) == {"type", "timestamp", "data"}


def test_an_event_says_its_type_when_it_happened_and_nothing_unknown() -> None:
    told = {"type": "test", "timestamp": "2026-11-23T12:00:00Z", "data": {"webhook_id": str(UUID(int=1))}}
    assert body_of("test").model_validate(told).model_dump(mode="json") == told
    wrongs: list[dict[str, object]] = [{"type": "slot.opened"}, {"more": 1}, {"data": {}}]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="1 validation error"):
            body_of("test").model_validate(told | wrong)


def test_every_end_of_a_state_machine_is_told_of() -> None:
    ends = {
        f"{kind}.{state}"
        for kind, steps in (("booking", BOOKING), ("offer", OFFER))
        for state in steps.values()
        if state != BookingState.CONFIRMED
    }
    assert ends | {"booking.restored"} <= EVENTS.keys()
    assert {"booked", "expired", "cancelled"} == set(ENTRY.values()) - {state for state, _ in ENTRY}


def test_it_is_tried_again_for_a_day_and_then_no_more() -> None:
    whole = list(accumulate(wait_after(number, 0.5) or timedelta() for number in range(1, len(WAITS) + 1)))
    assert whole[0] == timedelta(seconds=5)
    assert timedelta(hours=24) <= whole[-1] * (1 - JITTER) + timedelta(hours=3)
    assert timedelta(hours=24) <= whole[-1] <= timedelta(hours=25)
    assert wait_after(len(WAITS) + 1, 0.5) is None


@pytest.mark.parametrize(("chance", "seconds"), [(0, 270), (0.5, 300), (1, 330)])
def test_what_failed_together_does_not_come_back_together(chance: float, seconds: float) -> None:
    assert wait_after(2, chance) == timedelta(seconds=seconds)


def test_the_longer_it_does_not_answer_the_longer_it_is_left_alone() -> None:
    assert rest_after(timedelta(0)) == SHORTEST_REST
    assert rest_after(timedelta(minutes=50)) == timedelta(minutes=5)
    assert rest_after(timedelta(days=2)) == LONGEST_REST


def test_a_signature_is_the_one_of_the_specification() -> None:
    secret, name = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "0198f3a2-5c1e-7d40-9b6a-3f2e1d0c4b5a"
    at = datetime.fromtimestamp(1614265330, UTC).astimezone(ZoneInfo("Europe/Oslo"))
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    proof = hmac.digest(key, f'{name}.1614265330.{{"a": 1}}'.encode(), "sha256")
    assert signing([secret], UUID(name), at, '{"a": 1}') == {
        "webhook-id": name,
        "webhook-timestamp": "1614265330",
        "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
    }


def test_of_two_secrets_either_proves_a_body_and_a_third_does_not() -> None:
    keys = [new_secret(), new_secret()]
    headers = dict(signing(keys, UUID(int=1), now(), "{}"))
    for key in keys:
        Webhook(key).verify("{}", headers)
    for wrong, body in ((new_secret(), "{}"), (keys[0], "{ }")):
        with pytest.raises(WebhookVerificationError):
            Webhook(wrong).verify(body, headers)


PUBLIC = Addresses()
INSIDE = Addresses(allowed=[ip_network("10.1.0.0/16")])
HERE = Addresses(local=True)


@pytest.mark.parametrize(
    ("addresses", "good"),
    [
        (PUBLIC, "https://erp.example.com/standby?x=1"),
        (PUBLIC, " https://1.1.1.1/ "),
        (INSIDE, "http://10.1.2.3:8080/hook"),
        (INSIDE, "https://10.1.2.3/hook"),
        (PUBLIC, "https://erp.example.com./standby"),
        (HERE, "http://erp.example.com/"),
    ],
)
def test_an_address_on_the_internet_is_taken_and_one_that_is_allowed(addresses: Addresses, good: str) -> None:
    assert str(addresses.read(good)) == good.strip()


@pytest.mark.parametrize(
    ("addresses", "wrong", "why"),
    [
        (PUBLIC, "http://erp.example.com/", "https://"),
        (PUBLIC, "https://10.1.2.3/", "private network"),
        (PUBLIC, "https://localhost/", "private network"),
        (PUBLIC, "https://localhost./", "private network"),
        (PUBLIC, "https://127.0.0.1./", "private network"),
        (PUBLIC, "https://127.1/", "private network"),
        (PUBLIC, "https://2130706433/", "private network"),
        (PUBLIC, "https://0x7f000001/", "private network"),
        (PUBLIC, "https://0177.0.0.1/", "private network"),
        (INSIDE, "https://10.2.1/", "private network"),
        (PUBLIC, "https://[::ffff:127.0.0.1]/", "private network"),
        (INSIDE, "http://10.2.0.1/", "private network"),
        (INSIDE, "http://inside.example/", "https://"),
        (HERE, "http://127.0.0.1/", "private network"),
        (PUBLIC, "https://user:secret@erp.example.com/", "check the signature"),
        (PUBLIC, "ftp://erp.example.com/", "should be an address"),
        (PUBLIC, "https://", "should be an address"),
        (PUBLIC, "https://[::1", "Invalid"),
        (PUBLIC, "https://erp.example.com/a b", "spaces"),
        (PUBLIC, f"https://erp.example.com/{'x' * 2000}", "longer"),
    ],
)
def test_an_address_that_is_refused_is_told_why(addresses: Addresses, wrong: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        addresses.read(wrong)
