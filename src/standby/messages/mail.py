"""A message as a mail: the same as its text, laid out, with one button, and a way to get no more. See mail.html."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from standby.messages import words
from standby.messages.catalogue import CATALOGUES
from standby.messages.kinds import KINDS
from standby.messages.places import filled
from standby.messages.words import Facts, language_of, values_of

FONT: Final = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;"
ROWS: Final = ("when", "previously", "service", "staff", "price")

_templates: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def text(facts: Facts, unsubscribe_url: str) -> str:
    """The mail's text part: the message, and below it the way to get no more."""
    no_more = filled(CATALOGUES[language_of(facts)]["mail.no_more"], values_of(facts))
    return f"{words.text(facts)}\n\n{no_more}\n{unsubscribe_url}"


def html(facts: Facts, unsubscribe_url: str) -> str:
    """The mail's HTML part."""
    language, values, kind = language_of(facts), values_of(facts), KINDS[facts.kind]
    texts = CATALOGUES[language]
    told = {name: values.get(name, "").removeprefix(", ") for name in ROWS if name in kind.places}
    return _templates.get_template("mail.html").render(
        language=language,
        font=FONT,
        salon=facts.salon_name,
        subject=words.subject(facts),
        lead=words.lead(facts).splitlines(),
        code=values["code"] if "code" in kind.places else None,
        facts=[(texts[f"mail.{name}"], value) for name, value in told.items() if value],
        link=facts.link,
        action=texts[f"mail.action.{kind.opens}"] if kind.opens else "",
        otherwise=texts["mail.otherwise"],
        why=filled(texts[f"mail.because_{kind.why}"], values),
        unsubscribe=texts["mail.unsubscribe"],
        unsubscribe_url=unsubscribe_url,
    )


def letter(*, language: str, sender: str, subject: str, lead: str, link: str, action: str, why: str) -> str:
    """The HTML part of a mail that is no message of a salon's: to somebody who asked for its link."""
    return _templates.get_template("mail.html").render(
        language=language,
        font=FONT,
        salon=sender,
        subject=subject,
        lead=lead.splitlines(),
        code=None,
        facts=[],
        link=link,
        action=action,
        otherwise=CATALOGUES[language]["mail.otherwise"],
        why=why,
        unsubscribe="",
        unsubscribe_url=None,
    )
