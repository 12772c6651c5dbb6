"""What the pages say, in each language. The same keys in every language; {braces} are filled in.

A key is the page's state or part, a dot, and what the words are there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ENGLISH: Final = {
    "today": "Today",
    "tomorrow": "Tomorrow",
    "day.soon": "{relative}, {date}",
    "what": "What",
    "when": "When",
    "who": "With",
    "price": "Price",
    "with": "with {staff}",
    "preview": "A time is held for you",
    "open.title": "{name}, we have a time for you",
    "open.text": "You’re on our waitlist, and this time has just become free.",
    "open.held": "Held for you until {time}",
    "open.left": "left",
    "open.accept": "Yes, book it",
    "open.accepting": "Booking …",
    "open.decline": "No, thanks",
    "open.declining": "One moment …",
    "open.note": "Nothing is booked until you say yes. If you say no, you stay on the list.",
    "say.300": "5 minutes left",
    "say.60": "1 minute left",
    "say.30": "30 seconds left",
    "booked.title": "You’re booked, {name}",
    "booked.text": "The time is yours. We’re sending you a confirmation, and we look forward to seeing you.",
    "booked.note": "Can’t make it after all? Tell {salon} as early as you can, and somebody else gets the time.",
    "past.title": "This appointment is over",
    "past.text": "You booked it through this link.",
    "cancelled.title": "This appointment was cancelled",
    "cancelled.text": "It was booked, and has been cancelled since. If that surprises you, get in touch with {salon}.",
    "declined.title": "Thanks for telling us",
    "declined.text": "You said no to this time, and we’ve passed it on.",
    "expired.title": "This time is no longer held for you",
    "expired.text": "We held it until {time} and have now passed it on.",
    "expired.more": "See what happens next",
    "taken.title": "Somebody was a little faster",
    "taken.text": "Several people were offered this time at once, and it is booked now.",
    "withdrawn.title": "This time is no longer available",
    "withdrawn.text": "Sorry: {salon} had to take it back. It wasn’t anything you did.",
    "left.title": "This time is no longer available",
    "left.text": "You weren’t on the list any more, so we passed it on.",
    "unknown.title": "This link isn’t valid any more",
    "unknown.text": "If you got a newer message from us, use the link in that one.",
    "unknown.note": "Did you copy the link by hand? Then check that its end isn’t missing.",
    "missing.title": "There is no such page",
    "missing.text": "Have you got a message from us? Then open the link in the newest one.",
    "missing.note": "Did you type the address? Then check that it is complete.",
    "unavailable.title": "One moment, please",
    "unavailable.text": "We can’t reach our appointment book right now. Nothing that you have is lost.",
    "unavailable.note": "This page tries again by itself.",
    "failed.title": "Something went wrong on our side",
    "failed.text": "It has been noted. Please try again in a little while.",
    "failed.note": "If you were answering an offer: open its link again to see whether your answer arrived.",
    "list.waiting.title": "You’re still on the list",
    "list.waiting.text": "We’ll write to you when another time fits.",
    "list.cooldown.title": "You’re still on the list",
    "list.cooldown.text": "We’ll leave you in peace until {time}. After that we’ll write when another time fits.",
    "list.newer.title": "We have another time for you",
    "list.newer.text": "Open the link in our newest message to answer.",
    "list.booked.title": "You have another time",
    "list.booked.text": "You’ve booked another time from the list since.",
    "list.off.title": "You’re no longer on the list",
    "list.off.text": "Still looking for a time? We’ll gladly keep looking with you.",
    "list.off.stay": "Keep me on the list",
    "list.off.staying": "One moment …",
    "list.over.title": "You’re no longer on the list",
    "list.over.text": "The last day that suited you has passed. Get in touch with {salon} to wait for another one.",
    "list.back.title": "You’re back on the list",
    "list.back.text": "We’ll write to you when a time fits.",
    "list.limit.title": "You’re on the list for other times",
    "list.limit.text": "That’s as many as one person can wait for. Leave one of them to make room.",
}

NORWEGIAN: Final = {
    "today": "I dag",
    "tomorrow": "I morgen",
    "day.soon": "{relative}, {date}",
    "what": "Hva",
    "when": "Når",
    "who": "Hos",
    "price": "Pris",
    "with": "hos {staff}",
    "preview": "En time holdes av til deg",
    "open.title": "{name}, vi har en time til deg",
    "open.text": "Du står på ventelisten vår, og denne timen er nettopp blitt ledig.",
    "open.held": "Holdes av til deg til {time}",
    "open.left": "igjen",
    "open.accept": "Ja takk, jeg tar timen",
    "open.accepting": "Bestiller …",
    "open.decline": "Nei takk",
    "open.declining": "Et øyeblikk …",
    "open.note": "Ingenting er bestilt før du svarer ja. Svarer du nei, blir du stående på listen.",
    "say.300": "5 minutter igjen",
    "say.60": "1 minutt igjen",
    "say.30": "30 sekunder igjen",
    "booked.title": "Timen er din, {name}",
    "booked.text": "Du har fått timen. Vi sender deg en bekreftelse, og gleder oss til å se deg.",
    "booked.note": "Passer det likevel ikke? Si fra til {salon} så tidlig du kan, så får noen andre timen.",
    "past.title": "Denne timen er over",
    "past.text": "Du bestilte den gjennom denne lenken.",
    "cancelled.title": "Denne timen er avbestilt",
    "cancelled.text": "Den var bestilt, men er avbestilt siden. Ta kontakt med {salon} hvis du ikke visste om det.",
    "declined.title": "Takk for at du sa fra",
    "declined.text": "Du takket nei til denne timen, og vi har gitt den videre.",
    "expired.title": "Timen holdes ikke lenger av til deg",
    "expired.text": "Vi holdt den av til {time}, og har nå gitt den videre.",
    "expired.more": "Se hva som skjer nå",
    "taken.title": "Noen andre var litt raskere",
    "taken.text": "Flere fikk tilbud om denne timen samtidig, og nå er den bestilt.",
    "withdrawn.title": "Timen er ikke ledig lenger",
    "withdrawn.text": "Beklager, {salon} måtte ta den tilbake. Det skyldes ikke noe du har gjort.",
    "left.title": "Timen er ikke ledig lenger",
    "left.text": "Du sto ikke på listen lenger, så vi ga den videre.",
    "unknown.title": "Denne lenken gjelder ikke lenger",
    "unknown.text": "Har du fått en nyere melding fra oss, så bruk lenken i den.",
    "unknown.note": "Kopierte du lenken for hånd? Se etter at slutten ikke mangler.",
    "missing.title": "Denne siden finnes ikke",
    "missing.text": "Har du fått en melding fra oss, så åpne lenken i den nyeste.",
    "missing.note": "Skrev du adressen selv? Se etter at den er fullstendig.",
    "unavailable.title": "Et øyeblikk",
    "unavailable.text": "Vi får ikke tak i timeboken akkurat nå. Ingenting av det du har, er tapt.",
    "unavailable.note": "Siden prøver igjen av seg selv.",
    "failed.title": "Noe gikk galt hos oss",
    "failed.text": "Vi har notert det. Prøv igjen om en liten stund.",
    "failed.note": "Svarte du på et tilbud, så åpne lenken på nytt for å se om svaret kom fram.",
    "list.waiting.title": "Du står fortsatt på listen",
    "list.waiting.text": "Vi skriver til deg når en annen time passer.",
    "list.cooldown.title": "Du står fortsatt på listen",
    "list.cooldown.text": "Du får være i fred til {time}. Etter det skriver vi når en annen time passer.",
    "list.newer.title": "Vi har en annen time til deg",
    "list.newer.text": "Åpne lenken i den nyeste meldingen fra oss for å svare.",
    "list.booked.title": "Du har en annen time",
    "list.booked.text": "Du har siden bestilt en annen time fra listen.",
    "list.off.title": "Du står ikke lenger på listen",
    "list.off.text": "Ser du fortsatt etter en time? Vi leter gjerne videre sammen med deg.",
    "list.off.stay": "La meg stå på listen",
    "list.off.staying": "Et øyeblikk …",
    "list.over.title": "Du står ikke lenger på listen",
    "list.over.text": "Den siste dagen som passet for deg er over. Ta kontakt med {salon} for å vente på en annen.",
    "list.back.title": "Du står på listen igjen",
    "list.back.text": "Vi skriver til deg når en time passer.",
    "list.limit.title": "Du venter på andre timer",
    "list.limit.text": "Det er så mange som én person kan vente på. Trekk deg fra en av dem for å få plass.",
}

LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = {"en": ENGLISH, "nb": NORWEGIAN}
ALSO_NORWEGIAN: Final = frozenset({"no", "nn"})


@dataclass(frozen=True)
class Words:
    """One language's words: `words("open.title", name="Kari")`."""

    language: str

    def __call__(self, key: str, **values: str) -> str:
        return LANGUAGES[self.language][key].format(**values)


def words_for(locale: str) -> Words:
    """The words of a locale (nb, nb_NO, en-GB …); English for a language that isn't there."""
    language = locale.replace("_", "-").split("-", 1)[0].strip().lower()
    if language in ALSO_NORWEGIAN:
        language = "nb"
    return Words(language if language in LANGUAGES else "en")


def words_accepted(accept_language: str) -> Words:
    """The words for a browser's Accept-Language, for pages that belong to no salon. Its first language decides."""
    return words_for(accept_language.split(",", 1)[0].split(";", 1)[0])
