"""A customer's words and taps: what is beyond doubt is understood, and nothing else."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standby.channels.answers import book_button, button_meaning, decline_button, meaning_of

OFFER = UUID("0190b0a6-7c9f-7d3e-8a51-3f6f2c1d9e77")


@pytest.mark.parametrize(
    "text",
    [
        "YES",
        "yes",
        "Ja",
        "BOOK",
        "ok",
        " Ja takk! ",
        "Yes, please.",
        "👍 yes!!",
        "*JA*",
        "_ja_",
        "«Ja»",
        "\u200eYes\n",
    ],
)
def test_a_yes_has_many_forms(text: str) -> None:
    assert meaning_of(text) == "yes"


@pytest.mark.parametrize("text", ["NO", "no.", "Nei", "nei takk 🙏", "No, thank you", "(no thanks)"])
def test_so_has_a_no(text: str) -> None:
    assert meaning_of(text) == "no"


@pytest.mark.parametrize(
    "text",
    ["STOP", "Stopp!", "unsubscribe", "END", "Quit", "STOPALL", "stop all", "revoke", "OPTOUT", "opt-out",
     "Stop please"],
)  # fmt: skip
def test_a_stop_is_a_stop(text: str) -> None:
    assert meaning_of(text) == "stop"


@pytest.mark.parametrize("text", ["START", " start ", "Unstop."])
def test_a_start_is_a_start(text: str) -> None:
    assert meaning_of(text) == "start"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "👍", "?", "CANCEL", "ja, men kan jeg komme senere?", "yes no", "ja/nei", "ok 10", "10", "yesterday",
        "not ok", "don't book", "stop by at ten", "no problem", "nei, ja", "when does it end", "ok thanks", "y es",
    ],
)  # fmt: skip
def test_whatever_else_they_write_somebody_has_to_read(text: str) -> None:
    assert meaning_of(text) is None


@given(st.text() | st.text(alphabet=st.characters(categories=["Cs", "Cc", "Mn", "So"])))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    assert meaning_of(text) in {"yes", "no", "stop", "start", None}


@given(st.uuids())
def test_a_button_says_what_it_was_made_to_say(offer: UUID) -> None:
    assert button_meaning(book_button(offer)) == ("yes", offer)
    assert button_meaning(decline_button(offer)) == ("no", offer)
    assert len(decline_button(offer)) <= 256  # WhatsApp's bound


@pytest.mark.parametrize(
    "payload",
    [
        "", "waitlist_book_", str(OFFER), f"waitlist_book_{OFFER} ", f"waitlist_book_{{{OFFER}}}", f"book_{OFFER}",
        f"waitlist_book_{OFFER.hex}", f"WAITLIST_BOOK_{OFFER}", f"waitlist_book_waitlist_decline_{OFFER}",
        f"waitlist_book_{str(OFFER).upper()}", f"waitlist_book_{OFFER}\n", "waitlist_book_\ud800",
    ],
)  # fmt: skip
def test_a_button_that_is_not_ours_means_nothing(payload: str) -> None:
    assert button_meaning(payload) is None
