"""Mails: the same as the text, laid out so that every client shows it, and nothing from elsewhere in it."""

import re
from dataclasses import replace
from html import unescape

import pytest

from standby.messages import mail, words
from tests.unit.test_words import KINDS, OFFER

STOP = "https://standby.test/u/token"


def seen(html: str) -> str:
    """What a reader reads."""
    body = html.partition("</head>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["en", "nb"])
def test_a_mail_says_what_its_text_says(kind: str, locale: str) -> None:
    facts = replace(OFFER, kind=kind, locale=locale)
    said = seen(mail.html(facts, STOP))
    values = words.values_of(facts)
    for name in ("first_name", "salon", "service", "staff", "when"):
        assert values[name].replace("\N{NO-BREAK SPACE}", " ") in said.replace("\N{NO-BREAK SPACE}", " ")
    assert ("13:15" in said) == ("offer" in kind)
    assert "{" not in said


def test_its_link_is_a_button_and_can_be_read() -> None:
    html = mail.html(OFFER, STOP)
    assert html.count('href="http://127.0.0.1/o/secret"') == 1
    assert "See the time and answer" in html
    assert seen(html).count("http://127.0.0.1/o/secret") == 1


def test_without_a_link_there_is_no_button_and_without_a_price_no_line_for_it() -> None:
    html = mail.html(replace(OFFER, kind="booked", link=None, price=None), STOP)
    assert html.count("<a ") == 1
    assert "Price" not in html


def test_nothing_is_loaded_from_anywhere_and_no_name_becomes_markup() -> None:
    html = mail.html(replace(OFFER, customer_name="<b>Kari</b>", service_name="Cut & <i>colour</i>"), STOP)
    assert "<b>" not in html
    assert "Cut &amp; &lt;i&gt;colour" in html
    assert not re.search(r"<(img|link|script|iframe)|url\(|src=", html)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("locale", "says"), [("en", "No more email"), ("nb", "Ingen flere e-poster")])
def test_every_mail_ends_with_the_way_to_get_no_more(kind: str, locale: str, says: str) -> None:
    facts = replace(OFFER, kind=kind, locale=locale)
    assert (
        mail.text(facts, STOP)
        == f"{words.text(facts)}\n\n{says} f{'rom' if locale == 'en' else 'ra'} Fjord:\n{STOP}"
    )
    assert re.search(rf'href="{STOP}"[^>]*>{says}</a>', mail.html(facts, STOP))
