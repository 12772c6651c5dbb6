"""No more mails, or mails again."""

from typing import Final

ENGLISH: Final = {
    "mails.ask.title": "No more email from us?",
    "mails.ask.text": "{salon} won’t write to you by email any more, neither about free times nor about booked "
    "ones.",
    "mails.ask.stop": "Stop the emails",
    "mails.ask.others": "Your bookings and your place on the waitlist stay, and we can still reach you by phone.",
    "mails.ask.none": "Your bookings stay. But we have only your email: without it you won’t hear of free times.",
    "mails.out.title": "You get no more email from us",
    "mails.out.text": "That counts from now on, until you say otherwise.",
    "mails.out.list": "Nothing else has changed",
    "mails.out.others": "Your bookings and your place on the waitlist stay. We tell you of free times by phone.",
    "mails.out.none": "Your bookings stay. To hear of free times, give {salon} another way to reach you.",
    "mails.out.resume": "Write to me by email again",
    "mails.back.title": "We’ll write to you by email again",
    "mails.back.text": "{salon} tells you by email when a time comes free, and what becomes of your bookings.",
    "mails.back.note": "The link to stop them stands at the end of every email.",
}

NORWEGIAN: Final = {
    "mails.ask.title": "Ingen flere e\N{NON-BREAKING HYPHEN}poster fra oss?",
    "mails.ask.text": "{salon} skriver ikke til deg på e-post lenger, verken om ledige timer eller om bestilte.",
    "mails.ask.stop": "Stopp e-postene",
    "mails.ask.others": "Bestilte timer og plassen din på ventelisten består, og vi kan fortsatt nå deg på "
    "telefon.",
    "mails.ask.none": "Bestilte timer består. Men vi har bare e-posten din: uten den hører du ikke om ledige "
    "timer.",
    "mails.out.title": "Du får ikke flere e\N{NON-BREAKING HYPHEN}poster fra oss",
    "mails.out.text": "Det gjelder fra nå av, helt til du sier noe annet.",
    "mails.out.list": "Ingenting annet er endret",
    "mails.out.others": "Bestilte timer og plassen din på ventelisten består. Vi sier fra om ledige timer på "
    "telefon.",
    "mails.out.none": "Bestilte timer består. Vil du høre om ledige timer, så gi {salon} en annen måte å nå deg "
    "på.",
    "mails.out.resume": "Skriv til meg på e-post igjen",
    "mails.back.title": "Vi skriver til deg på e\N{NON-BREAKING HYPHEN}post igjen",
    "mails.back.text": "{salon} sier fra på e-post når en time blir ledig, og hva som skjer med timene dine.",
    "mails.back.note": "Lenken for å stoppe dem står nederst i hver e-post.",
}
