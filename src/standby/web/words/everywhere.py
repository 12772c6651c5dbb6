"""What all pages say, and times and dates."""

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
    "channel.whatsapp": "WhatsApp",
    "channel.sms": "SMS",
    "channel.email": "Email",
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
    "channel.whatsapp": "WhatsApp",
    "channel.sms": "SMS",
    "channel.email": "E-post",
}
