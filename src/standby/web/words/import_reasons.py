"""Why a row can't be imported: by its form in English, which stands where it is raised (importing/reasons.py)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from standby.importing.reasons import Told

if TYPE_CHECKING:
    from standby.web.words import Words

FORMS: Final = {
    "line {line} of {file}": "linje {line} i {file}",
    # Cells
    "is neither yes nor no; write yes, no, ja, nei or x": "er verken ja eller nei; skriv ja, nei eller x",
    "{text!r} is no day of the week; write it like Monday, mon, mandag or man": (
        "«{text}» er ingen ukedag; skriv den som mandag eller man"
    ),
    "is no status; write confirmed, completed, no_show or cancelled": (
        "er ingen status; skriv bekreftet, fullført, uteblitt eller avbestilt"
    ),
    "is missing": "mangler",
    "is {length} characters long; a name may have {most}": "er {length} tegn langt; et navn kan ha {most}",
    "has control characters or line breaks; write plain text": "har styretegn eller linjeskift; skriv ren tekst",
    "was turned into a rounded number by a spreadsheet; format the column as text and enter it again": (
        "er blitt rundet av til et tall av et regneark; formater kolonnen som tekst, og skriv det på nytt"
    ),
    "is no valid phone number in {country}; begin numbers of other countries with + and their code": (
        "er ikke et gyldig telefonnummer i {country}; begynn numre fra andre land med + og landkoden"
    ),
    "is no price; write it like 450, 450,00 or kr 450": "er ingen pris; skriv den som 450, 450,00 eller kr 450",
    "is too high a price": "er en for høy pris",
    "is no duration; write minutes like 45 or 45 min, or hours and minutes like 1:30": (
        "er ingen varighet; skriv minutter som 45 eller 45 min, eller timer og minutter som 1:30"
    ),
    "is {minutes} minutes; a duration is 5 to 1440": "er {minutes} minutter; en varighet er fra 5 til 1440",
    "is no time of day; write it like 14:30": "er ikke et klokkeslett; skriv det som 14:30",
    "is no time of day: an hour before am or pm is 1 to 12, not {hour}": (
        "er ikke et klokkeslett: timen foran am eller pm er 1 til 12, ikke {hour}"
    ),
    "is no time of day; the last is 24:00": "er ikke et klokkeslett; det siste er 24:00",
    "has seconds; write hours and minutes only": "har sekunder; skriv bare timer og minutter",
    "is no pair of times; write opening hours like 09:00-17:00, or closed": (
        "er ikke to klokkeslett; skriv åpningstider som 09:00-17:00, eller stengt"
    ),
    "{text} closes before it opens; hours that pass midnight aren't supported, end them at 24:00": (
        "{text} stenger før det åpner; tider over midnatt går ikke, la dem slutte 24:00"
    ),
    "{unknown} is no channel; the channels are {known}": "{unknown} er ingen kanal; kanalene er {known}",
    "is no priority; write a whole number from 0 to 1000, or nothing": (
        "er ingen prioritet; skriv et helt tall fra 0 til 1000, eller ingenting"
    ),
    "is no valid email address: {why}": "er ikke en gyldig e-postadresse",
    "; did you mean {name}?": "; mente du {name}?",
    # Days and times
    "is no date and time; write it like 2026-12-24 14:30 or 24.12.2026 14:30": (
        "er ikke dato og klokkeslett; skriv det som 24.12.2026 14:30"
    ),
    "has no time of day; write it like 2026-12-24 14:30 or 24.12.2026 14:30": (
        "har ikke noe klokkeslett; skriv det som 24.12.2026 14:30"
    ),
    "{clock} does not exist on {day} in {zone}: the clocks go forward then; if the salon's clock shows {shown}, "
    "write {exact}": (
        "{clock} finnes ikke {day} i {zone}: da stilles klokken fram; viser salongens klokke {shown}, skriv {exact}"
    ),
    "{clock} exists twice on {day} in {zone}: the clocks go back then; write {first} for the first or {second} for "
    "the second": (
        "{clock} finnes to ganger {day} i {zone}: da stilles klokken tilbake; skriv {first} for den første eller "
        "{second} for den andre"
    ),
    "has no month {month}; if the month comes first, say --month-first": (
        "har ingen måned {month}; skriv dagen først, som 24.12.2026"
    ),
    "has no month {month}; if the day comes first, leave --month-first out": (
        "har ingen måned {month}; skriv måneden først"
    ),
    "there is no day {day} of month {month} in the year {year}": (
        "det finnes ingen dag {day} i måned {month} i år {year}"
    ),
    "is in the year {year}, more than {most} years from today; is the year right?": (
        "er i år {year}, mer enn {most} år fra i dag; er årstallet riktig?"
    ),
    # Names and people
    "staff member": "ansatt",
    "service": "tjeneste",
    "is no {what}{hint}": "er ingen {what}{hint}",
    "; add a row to the {file} file, or correct this": "; legg til en rad i filen {file}, eller rett dette",
    "is a {what} whose own row needs a change: {place}": "er en {what} med en rad som selv må rettes: {place}",
    "is described on {place} already; keep one of the two": (
        "er beskrevet i {place} allerede; behold bare den ene av dem"
    ),
    "means everyone in these files; use another name": "betyr alle i disse filene; bruk et annet navn",
    "is the same customer as {place}; keep one of the two": "er samme kunde som {place}; behold bare den ene av dem",
    "is the email address of {count} customers; write the phone number instead": (
        "er e-postadressen til {count} kunder; skriv telefonnummeret i stedet"
    ),
    "is a customer whose own row needs a change: {place}": "er en kunde med en rad som selv må rettes: {place}",
    "is no customer; add a row to the customers file, or correct this": (
        "er ingen kunde; legg til en rad i filen customers, eller rett dette"
    ),
    "has the email address of {count} customers; add the phone number": (
        "har e-postadressen til {count} kunder; legg til telefonnummeret"
    ),
    # Rows
    "is empty, but needed": "er tomt, men må fylles ut",
    "has hours that overlap": "har tider som overlapper",
    "has neither a phone number nor an email address; one of them is needed": (
        "har verken telefonnummer eller e-postadresse; ett av dem må være der"
    ),
    "has email, but the customer has no email address": "har email, men kunden har ingen e-postadresse",
    "has {channel}, but the customer has no phone number": "har {channel}, men kunden har ikke noe telefonnummer",
    "can't be known yet, for the appointment isn't over; leave it empty": (
        "kan ikke være kjent ennå, for timen er ikke over; la det stå tomt"
    ),
    "is in the future; leave it empty to join now": "er i framtiden; la det stå tomt for å stå på listen fra nå av",
    "is in the past; nobody can be offered a time before now": "er i fortiden; ingen kan få tilbud om en tid før nå",
    "is not after the start": "er ikke etter starten",
    "is more than a day after the start; is the date right?": "er mer enn et døgn etter starten; er datoen riktig?",
    "does not fit the duration of {duration} minutes; leave one of the two empty": (
        "stemmer ikke med varigheten på {duration} minutter; la ett av dem stå tomt"
    ),
    "leaves no time: earliest must be before latest": "gir ingen tid: tidligst må være før senest",
    "leaves no time of day: from must be before until": "gir ingen tid på dagen: fra må være før til",
    # What contradicts what
    "contradicts {place}: a day can't be both open and closed, or closed twice": (
        "motsier {place}: en dag kan ikke være både åpen og stengt, eller stengt to ganger"
    ),
    "overlaps the hours on {place}": "overlapper tidene i {place}",
    "overlaps {what} ({staff}, {at}); change one of the two, or leave this row out": (
        "overlapper {what} ({staff}, {at}); endre en av dem, eller utelat denne raden"
    ),
    "an appointment or held time in Standby": "en time eller en tid som holdes av i Standby",
    "does not offer {service}; {offered}": "tilbyr ikke {service}; {offered}",
    "they offer {services}": "tilbyr {services}",
    "they offer nothing yet": "tilbyr ingenting ennå",
    "is offered by no staff member": "tilbys ikke av noen ansatt",
    "is confirmed in Standby; cancel it there, so that the waitlist is asked": (
        "er bekreftet i Standby; avbestill der, så ventelisten blir spurt"
    ),
    "is another service than this appointment has in Standby; change it there": (
        "er en annen tjeneste enn denne timen har i Standby; endre den der"
    ),
    "is {until} in Standby; change it there": "er {until} i Standby; endre det der",
    "waits for the same already on {place}; keep one of the two": (
        "venter på det samme allerede i {place}; behold bare den ene av dem"
    ),
    "would have more than {most} active places on the waitlist": (
        "ville hatt mer enn {most} aktive plasser på ventelisten"
    ),
    "{count} on the waitlist have agreed to no channel, so nothing can be offered to them (column consent)": (
        "{count} på ventelisten har ikke samtykket til noen kanal, så de kan ikke få tilbud (kolonnen samtykke)"
    ),
    # Files
    "can't be read: {why}": "kan ikke leses: {why}",
    "is no text in UTF-8 or Windows-1252; save it as CSV UTF-8": (
        "er ikke tekst i UTF-8 eller Windows-1252; lagre den som CSV UTF-8"
    ),
    "the file is empty; its first line must name the columns": "filen er tom; den første linjen må navngi kolonnene",
    "the first line must name the columns, but it is blank": "den første linjen må navngi kolonnene, men er blank",
    "can't tell what this file holds; name it like bookings.csv, or give it the columns of one of: {kinds}": (
        "det går ikke an å se hva filen inneholder; gi den et navn som bookings.csv, eller kolonnene til en av: {kinds}"
    ),
    'something follows a closing quotation mark; write a " inside of a quoted cell twice': (
        'noe står etter et avsluttende anførselstegn; skriv et " inne i en celle med anførselstegn to ganger'
    ),
    "a quotation mark opens here and never closes, so the rest of the file can't be read; add the missing \"": (
        'et anførselstegn begynner her og slutter aldri, så resten av filen kan ikke leses; legg til " som mangler'
    ),
    'a cell of this row is far too long; a quotation mark (") may be missing': (
        'en celle i denne raden er altfor lang; kanskje mangler et anførselstegn (")'
    ),
    "has {cells} cells, but there are {columns} columns; put a cell that contains the delimiter in quotation marks": (
        "har {cells} celler, men det er {columns} kolonner; sett anførselstegn rundt en celle som inneholder "
        "skilletegnet"
    ),
    "this column is missing{strangers}": "denne kolonnen mangler{strangers}",
    "; unknown columns are {columns}": "; ukjente kolonner er {columns}",
    "'{header}'{hint}": "«{header}»{hint}",
    " (did you mean {column}?)": " (mente du {column}?)",
    "there is no such column{hint}": "det er ingen slik kolonne{hint}",
    "{count} columns mean {column}: {same}; keep one of them": (
        "{count} kolonner betyr {column}: {same}; behold én av dem"
    ),
    "{file}: column '{header}' is not used": "{file}: kolonnen «{header}» brukes ikke",
}
# What is said to whoever types a command is no use on a page, and what others say comes in English only.
ON_PAGES: Final = {
    "is no valid email address: {why}": "is no valid email address",
    "has no month {month}; if the month comes first, say --month-first": (
        "has no month {month}; write the day first, like 24.12.2026"
    ),
}

ENGLISH: Final = {f"import.why.{form}": ON_PAGES.get(form, form) for form in FORMS}
NORWEGIAN: Final = {f"import.why.{form}": said for form, said in FORMS.items()}


def said(told: Told, words: "Words") -> str:
    """A reason in the words' language; one that is there no more, in English."""
    values: Mapping[str, str] = {
        name: one if isinstance(one, str) else said(one, words) for name, one in told["values"].items()
    }
    key = f"import.why.{told['form']}"
    return words(key, **values) if words.has(key) else told["form"].format_map(values)
