"""By what the salon writes to its customers."""

from typing import Final

ENGLISH: Final = {
    "channels.title": "Channels",
    "channels.text": "By what you write to your customers, how that stands, and whether it works.",
    "channels.whatsapp": "WhatsApp",
    "channels.sms": "SMS",
    "channels.email": "Email",
    "channels.on": "ready",
    "channels.off": "not set up",
    "channels.paused.mark": "paused",
    "channels.own": "Your own sender: {address}, with {provider}.",
    "channels.lent": "It goes out by this installation’s sender.",
    "channels.none": "Nothing is sent by it: customers are written to by their next channel.",
    "channels.paused": "It doesn’t take our messages. We try again after {until}. It says: {reason}",
    "channels.heard": "last heard from it {when}",
    "channels.month": "This month:",
    "channels.unused": "nothing sent",
    "channels.used": "{count} sent",
    "channels.left": "{left} of {limit} left",
    "channels.whatsapp.how": "You need a WhatsApp Business number. Whoever runs this installation sets it up with "
    "“standby channel set”; docs/channels.md says how.",
    "channels.sms.how": "You need a number with Twilio. Whoever runs this installation sets it up "
    "with “standby channel "
    "set”; docs/channels.md says how.",
    "channels.email.how": "You need a mailbox that may send, or SendGrid. Whoever runs this "
    "installation sets it up with "
    "“standby channel set”; docs/channels.md says how.",
    "channels.to.phone": "Your phone number",
    "channels.to.mail": "Your mail address",
    "channels.test": "Send me a test",
    "channels.said": "A test by {channel} is on its way.",
    "channels.order": "Customers are written to by the first of these that they agreed to.",
    "channels.order.rules": "The order is in the rules.",
    "channels.problem.phone": "Write a phone number, like +47 412 34 567.",
    "channels.problem.mail": "Write a mail address, like kim@example.com.",
    "channels.problem.sender": "Nothing could send it: its sender can’t be opened. Ask whoever runs "
    "this installation.",
    "channels.problem.refused": "It was not taken: {reason}",
    "channels.problem.often": "That’s as many tests as go out in an hour. Try again in {minutes} minutes.",
}

NORWEGIAN: Final = {
    "channels.title": "Kanaler",
    "channels.text": "Hva dere skriver til kundene på, hvordan det står til, og om det virker.",
    "channels.whatsapp": "WhatsApp",
    "channels.sms": "SMS",
    "channels.email": "E-post",
    "channels.on": "klar",
    "channels.off": "ikke satt opp",
    "channels.paused.mark": "på pause",
    "channels.own": "Deres egen avsender: {address}, hos {provider}.",
    "channels.lent": "Det går ut fra denne installasjonens avsender.",
    "channels.none": "Ingenting sendes på den: kunder får meldinger på sin neste kanal.",
    "channels.paused": "Den tar ikke meldingene våre. Vi prøver igjen etter {until}. Den sier: {reason}",
    "channels.heard": "hørte sist fra den {when}",
    "channels.month": "Denne måneden:",
    "channels.unused": "ingenting sendt",
    "channels.used": "{count} sendt",
    "channels.left": "{left} av {limit} igjen",
    "channels.whatsapp.how": "Dere trenger et WhatsApp Business-nummer. Den som driver "
    "installasjonen, setter det opp med "
    "«standby channel set»; docs/channels.md sier hvordan.",
    "channels.sms.how": "Dere trenger et nummer hos Twilio. Den som driver installasjonen, setter "
    "det opp med «standby "
    "channel set»; docs/channels.md sier hvordan.",
    "channels.email.how": "Dere trenger en postkasse som kan sende, eller SendGrid. Den som driver "
    "installasjonen, setter "
    "det opp med «standby channel set»; docs/channels.md sier hvordan.",
    "channels.to.phone": "Telefonnummeret ditt",
    "channels.to.mail": "E-postadressen din",
    "channels.test": "Send meg en test",
    "channels.said": "En test på {channel} er på vei.",
    "channels.order": "Kunder får meldinger på den første av disse som de har sagt ja til.",
    "channels.order.rules": "Rekkefølgen står i reglene.",
    "channels.problem.phone": "Skriv et telefonnummer, som +47 412 34 567.",
    "channels.problem.mail": "Skriv en e-postadresse, som kim@example.com.",
    "channels.problem.sender": "Ingenting kunne sende den: avsenderen kan ikke åpnes. Spør den som "
    "driver installasjonen.",
    "channels.problem.refused": "Den ble ikke tatt: {reason}",
    "channels.problem.often": "Det er så mange tester som går ut på en time. Prøv igjen om {minutes} minutter.",
}
