"""What a salon may say in its own words."""

import pytest

from standby.channels.limits import segments
from standby.errors import Invalid
from standby.messages.catalogue import CATALOGUES
from standby.messages.kinds import KINDS
from standby.messages.texts import LONGEST, Text, checked

PLACES = "{first_name}, {salon}, {service}, {staff}, {when}, {price}, {until}"  # An offer's.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", list(CATALOGUES))
def test_our_own_texts_would_be_taken(kind: str, language: str) -> None:
    ours = Text(*(CATALOGUES[language][f"{kind}.{part}"] for part in ("subject", "body", "sms")))
    assert checked(kind, language, ours) == ours


@pytest.mark.parametrize(
    ("part", "said", "wrong"),
    [
        ("subject", "x" * 151, "is 151 characters long; 150 are the most"),
        ("body", "x" * 901, "is 901 characters long; 900 are the most"),
        ("sms", "x" * 460, "is 460 characters long; 459 are the most"),
        ("sms", " ", "is empty; leave it out to say it in our words"),
        ("subject", "a\nb", "has control characters or line breaks; write plain text"),
        ("sms", "a\0b", "has control characters; write plain text"),
        ("sms", "a\ud800b", "has control characters; write plain text"),
        ("sms", "Hi {first_name", "has a { or } that is no place's; places are written like {first_name}"),
        ("sms", "Hi {}", "has a { or } that is no place's; places are written like {first_name}"),
        ("sms", "{salon.name}", "has a { or } that is no place's; places are written like {first_name}"),
        (
            "sms",
            "For {price}",
            "has {price} by itself; write it right after another place, like {when}{price}",
        ),
        (
            "body",
            "{first_name}, hi!",
            "begins or ends with a place; put a word before it, or a full stop after it",
        ),
        (
            "body",
            "Hi {first_name}",
            "begins or ends with a place; put a word before it, or a full stop after it",
        ),
        (
            "sms",
            "Hi {code}",
            f"has {{code}}, which offer can't fill in; it can: {PLACES}",
        ),
    ],
)
def test_a_text_that_cant_be_sent_isnt_taken(part: str, said: str, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked("offer", "en", Text(**{part: said}))
    assert [(one.field, one.message) for one in refused.value.problems] == [(part, wrong)]


@pytest.mark.parametrize(
    ("kind", "needed"), [("verify_code", "code"), ("which_one", "choices"), ("reminder", "when")]
)
def test_what_a_message_is_for_cant_be_left_out(kind: str, needed: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(kind, "en", Text("Hello", "Hello.", "Hello"))
    assert [(one.field, one.message) for one in refused.value.problems] == [
        ("body", f"has to name {{{needed}}}"),
        ("sms", f"has to name {{{needed}}}"),
    ]


def test_the_longest_texts_fit_their_channels() -> None:
    assert segments("x" * LONGEST["sms"]).count == 3
    link = "https://standby.example.com/o/" + "x" * 43
    assert LONGEST["body"] + len(link) + len("\n\nOpen the link to answer.") <= 1024
