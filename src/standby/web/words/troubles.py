"""Pages that say what went wrong."""

from typing import Final

ENGLISH: Final = {
    "unknown.title": "This link isn’t valid any more",
    "unknown.text": "If you got a newer message from us, use the link in that one.",
    "unknown.note": "Did you copy the link by hand? Then check that its end isn’t missing.",
    "missing.title": "There is no such page",
    "missing.text": "Have you got a message from us? Then open the link in the newest one.",
    "missing.note": "Did you type the address? Then check that it is complete.",
    "busy.title": "That was a little too often",
    "busy.text": "Nothing was changed by this last try. What you did before holds.",
    "busy.note": "Please wait a minute, and try again.",
    "unavailable.title": "One moment, please",
    "unavailable.text": "We can’t reach our appointment book right now. Nothing that you have is lost.",
    "unavailable.note": "This page tries again by itself.",
    "forbidden.title": "This isn’t open to you",
    "forbidden.text": "Your role doesn’t allow this, or a page elsewhere has sent you here. Nothing has changed.",
    "forbidden.note": "Do you need it? Then ask the salon’s owner.",
    "failed.title": "Something went wrong on our side",
    "failed.text": "It has been noted. Please try again in a little while.",
    "failed.note": "If you were answering an offer: open its link again to see whether your answer arrived.",
}

NORWEGIAN: Final = {
    "unknown.title": "Denne lenken gjelder ikke lenger",
    "unknown.text": "Har du fått en nyere melding fra oss, så bruk lenken i den.",
    "unknown.note": "Kopierte du lenken for hånd? Se etter at slutten ikke mangler.",
    "missing.title": "Denne siden finnes ikke",
    "missing.text": "Har du fått en melding fra oss, så åpne lenken i den nyeste.",
    "missing.note": "Skrev du adressen selv? Se etter at den er fullstendig.",
    "busy.title": "Det ble litt for ofte",
    "busy.text": "Dette siste forsøket endret ingenting. Det du gjorde før, gjelder.",
    "busy.note": "Vent et minutt, og prøv igjen.",
    "unavailable.title": "Et øyeblikk",
    "unavailable.text": "Vi får ikke tak i timeboken akkurat nå. Ingenting av det du har, er tapt.",
    "unavailable.note": "Siden prøver igjen av seg selv.",
    "forbidden.title": "Dette er ikke åpent for deg",
    "forbidden.text": "Rollen din tillater det ikke, eller en side et annet sted sendte deg hit. Ingenting er "
    "endret.",
    "forbidden.note": "Trenger du det? Da kan du spørre salongens eier.",
    "failed.title": "Noe gikk galt hos oss",
    "failed.text": "Vi har notert det. Prøv igjen om en liten stund.",
    "failed.note": "Svarte du på et tilbud, så åpne lenken på nytt for å se om svaret kom fram.",
}
