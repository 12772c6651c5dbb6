"""A calendar is linked, or not."""

from typing import Final

ENGLISH: Final = {
    "linked.title": "Your calendar is linked",
    "linked.text": "Appointments appear in it from now on, and nobody can book you while it says that you are "
    "busy.",
    "linked.note": "You can close this page.",
    "unlinked.title": "Your calendar is not linked",
    "unlinked.text": "Google says that the access was not allowed, or not all of it.",
    "unlinked.note": "Did you mean to? Then ask for a new link, and tick the box for your events at Google.",
    "unasked.title": "Your calendar is not linked yet",
    "unasked.text": "We could not settle it with Google just now. Nothing has changed.",
    "unasked.note": "Please ask for a new link and try again in a little while.",
    "stale.title": "This link isn’t valid any more",
    "stale.text": "It works once, and for ten minutes.",
    "stale.note": "If you have been here before, your calendar may be linked already: look at the list of "
    "calendars.",
}

NORWEGIAN: Final = {
    "linked.title": "Kalenderen din er koblet til",
    "linked.text": "Timene vises i den fra nå av, og ingen kan bestille deg når det står at du er opptatt.",
    "linked.note": "Du kan lukke denne siden.",
    "unlinked.title": "Kalenderen din er ikke koblet til",
    "unlinked.text": "Google sier at tilgangen ikke ble gitt, eller ikke hele.",
    "unlinked.note": "Var det meningen? Be om en ny lenke, og kryss av for hendelsene dine hos Google.",
    "unasked.title": "Kalenderen din er ikke koblet til ennå",
    "unasked.text": "Vi fikk det ikke til hos Google akkurat nå. Ingenting er endret.",
    "unasked.note": "Be om en ny lenke og prøv igjen om en liten stund.",
    "stale.title": "Denne lenken gjelder ikke lenger",
    "stale.text": "Den virker én gang, og i ti minutter.",
    "stale.note": "Har du vært her før, kan kalenderen alt være koblet til: se på listen over kalendere.",
}
