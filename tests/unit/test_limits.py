"""What fits into a message: SMS counted as networks bill them, and what is too long said before it is cut."""

from dataclasses import replace
from uuid import UUID

import pytest

from standby.channels.base import Button, Outgoing
from standby.channels.limits import SMS_TEXT, overlong, segments, shortened_sms

MESSAGE = Outgoing(UUID(int=1), "whatsapp", "offer", "+4741234567", "Fjord", "", "Hi", "")


@pytest.mark.parametrize(
    ("text", "count", "encoding"),
    [
        ("", 1, "GSM-7"),
        ("a" * 160, 1, "GSM-7"),
        ("a" * 161, 2, "GSM-7"),
        ("a" * 306, 2, "GSM-7"),
        ("a" * 307, 3, "GSM-7"),
        ("ÆØÅæøåéÖüß@£$¡¿Ω\n" + "a" * 143, 1, "GSM-7"),
        ("€" * 80, 1, "GSM-7"),  # Each takes two places, for it is in the table's extension.
        ("[" + "a" * 159, 2, "GSM-7"),
        ("a" * 152 + "€" * 77, 3, "GSM-7"),  # 306 places, but the first € would be parted.
        ("ł" * 70, 1, "UCS-2"),
        ("a" * 70 + "ł", 2, "UCS-2"),
        ("ł" * 134, 2, "UCS-2"),
        ("ł" * 135, 3, "UCS-2"),
        ("😀" * 35, 1, "UCS-2"),
        ("😀" * 36, 2, "UCS-2"),
        ("😀" * 67, 3, "UCS-2"),  # 134 places, but the 34th would be parted.
    ],
)
def test_sms_are_counted_as_networks_do(text: str, count: int, encoding: str) -> None:
    counted = segments(text)
    assert (counted.count, counted.encoding) == (count, encoding)


def test_cutting_an_sms_doesnt_change_its_letters() -> None:
    cut = shortened_sms("word " * 1000)
    assert len(cut) <= SMS_TEXT
    assert cut.endswith("...")
    assert segments(cut).encoding == "GSM-7"


def test_a_message_that_fits_has_nothing_cut() -> None:
    buttons = (Button("1", "Yes, book it"), Button("2", "No, thanks"))
    assert overlong(replace(MESSAGE, text="x" * 4096)) == []
    assert overlong(replace(MESSAGE, text="x" * 1024, buttons=buttons)) == []
    assert overlong(replace(MESSAGE, channel="sms", text="x" * 1600)) == []
    assert overlong(replace(MESSAGE, channel="email", text="x" * 100_000)) == []


def test_what_will_be_cut_is_said() -> None:
    buttons = (*(Button(str(number), "Yes") for number in range(3)), Button("4", "x" * 21))
    assert overlong(replace(MESSAGE, text="x" * 4097)) == ["the text has 4097 characters of 4096"]
    assert overlong(replace(MESSAGE, channel="sms", text="x" * 1601)) == [
        "the text has 1601 characters of 1600"
    ]
    assert overlong(replace(MESSAGE, text="x" * 1025, buttons=buttons)) == [
        "the text has 1025 characters of 1024",
        "there are 4 buttons of 3",
        f"the button {'x' * 21!r} has 21 characters of 20",
    ]
