"""The settings' forms: what several of their pages say, and a week's hours."""

from typing import Final

ENGLISH: Final = {
    "form.change": "Change",
    "form.keep": "Save",
    "form.none.ask": "Whoever manages the salon can add it here.",
    "form.problem.name": "Write a name of at most 200 characters.",
    "form.problem.number": "Write a whole number from {least} to {most}.",
    "form.problem.amount": "Write an amount like 650 or 49.50.",
    "form.problem.time": "Write a time like 09:30.",
    "form.problem.day": "Choose a day.",
    "week.days": "{days} {times}",
    "week.opens": "{day} {number}, from",
    "week.closes": "{day} {number}, until",
    "week.problem.time": "Write both times, like 09:00 and 17:00.",
    "week.problem.order": "It must end after it begins.",
    "week.problem.overlap": "Two of this day’s times overlap.",
}

NORWEGIAN: Final = {
    "form.change": "Endre",
    "form.keep": "Lagre",
    "form.none.ask": "Den som leder salongen, kan legge det til her.",
    "form.problem.name": "Skriv et navn på høyst 200 tegn.",
    "form.problem.number": "Skriv et helt tall fra {least} til {most}.",
    "form.problem.amount": "Skriv et beløp som 650 eller 49,50.",
    "form.problem.time": "Skriv et klokkeslett som 09.30.",
    "form.problem.day": "Velg en dag.",
    "week.days": "{days} {times}",
    "week.opens": "{day} {number}, fra",
    "week.closes": "{day} {number}, til",
    "week.problem.time": "Skriv begge klokkeslettene, som 09:00 og 17:00.",
    "week.problem.order": "Det må slutte etter at det begynner.",
    "week.problem.overlap": "To av dagens tider overlapper.",
}
