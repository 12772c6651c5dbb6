"""A customer's words and taps: what is beyond doubt is understood, and nothing else."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standby.messages.catalogue import CATALOGUES
from standby.messages.words import buttons
from standby.waitlist.answers import (
    PHRASES,
    Meant,
    book_button,
    cancel_button,
    confirm_button,
    decline_button,
    meant_by,
)

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
    assert meant_by(text, None) == Meant("yes")


@pytest.mark.parametrize("text", ["NO", "no.", "Nei", "nei takk 🙏", "No, thank you", "(no thanks)"])
def test_so_has_a_no(text: str) -> None:
    assert meant_by(text, None) == Meant("no")


@pytest.mark.parametrize(
    "text",
    ["STOP", "Stopp!", "unsubscribe", "END", "Quit", "STOPALL", "stop all", "revoke", "OPTOUT", "opt-out",
     "Stop please"],
)  # fmt: skip
def test_a_stop_is_a_stop(text: str) -> None:
    assert meant_by(text, None) == Meant("stop")


@pytest.mark.parametrize("text", ["YES 2", "ja, 2", "nei 2!"])
def test_a_number_says_which_of_several_times_they_mean(text: str) -> None:
    meant = meant_by(text, None)
    assert meant == Meant("no" if "nei" in text else "yes", number=2)


@pytest.mark.parametrize("text", ["START", " start ", "Unstop."])
def test_a_start_is_a_start(text: str) -> None:
    assert meant_by(text, None) == Meant("start")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "👍", "?", "CANCEL", "ja, men kan jeg komme senere?", "yes no", "ja/nei", "ok 10", "10", "yesterday",
        "not ok", "don't book", "stop by at ten", "no problem", "nei, ja", "when does it end", "ok thanks", "y es",
    ],
)  # fmt: skip
def test_whatever_else_they_write_somebody_has_to_read(text: str) -> None:
    assert meant_by(text, None) is None


@given(st.text() | st.text(alphabet=st.characters(categories=["Cs", "Cc", "Mn", "So"])))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    meant = meant_by(text, text)
    assert meant is None or meant.word in set(PHRASES)


@pytest.mark.parametrize("language", CATALOGUES)
def test_the_words_on_our_buttons_mean_what_the_buttons_do(language: str) -> None:
    yes, no = buttons("offer", language)
    assert (meant_by(yes, None), meant_by(no, "HX1:1")) == (Meant("yes"), Meant("no"))
    comes, cancels = buttons("reminder", language)
    assert (meant_by(comes, None), meant_by(cancels, "HX1:1")) == (Meant("confirm"), Meant("cancel"))


@given(st.uuids())
def test_a_button_says_what_it_was_made_to_say(offer: UUID) -> None:
    assert meant_by("Take it", book_button(offer)) == Meant("yes", offer)
    assert meant_by("No, thanks", decline_button(offer)) == Meant("no", offer)
    assert meant_by("Yes", confirm_button(offer)) == Meant("confirm", booking=offer)
    assert meant_by("Yes", cancel_button(offer)) == Meant("cancel", booking=offer)
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
    assert meant_by("Book it", payload) is None
