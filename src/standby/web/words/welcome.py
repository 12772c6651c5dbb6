"""How a new salon gets ready."""

from typing import Final

ENGLISH: Final = {
    "welcome.title": "Welcome",
    "welcome.text": "Four short steps, and customers can book with you. It takes about five minutes.",
    "welcome.done": "{done} of {all} done",
    "welcome.ready": "done",
    "welcome.go": "Do it",
    "welcome.look": "Look at it",
    "welcome.hours": "When you are open",
    "welcome.hours.text": "A usual week is filled in already: change what is different, and save.",
    "welcome.services": "What you offer",
    "welcome.services.text": "Name, duration and price; one is enough to begin with.",
    "welcome.staff": "Who works here",
    "welcome.staff.text": "And what each of them does. Add yourself, if you work alone.",
    "welcome.channels": "How you reach customers",
    "welcome.channels.text": "WhatsApp, SMS or email, and a test to see that it works.",
    "welcome.public": "Here customers will book",
    "welcome.public.ready": "You are ready: here customers book",
    "welcome.public.text": "Put the address on your site, your door and your messages.",
    "welcome.bring": "You have a book already?",
    "welcome.bring.text": "Bring it along from another system, as CSV: services, staff, hours, customers, "
    "appointments and the waitlist at once.",
    "welcome.sample": "Only looking around?",
    "welcome.sample.text": "Fill the salon with a sample book: services, three people, a fortnight’s appointments "
    "and a waitlist. Everybody in it is made up, with an address that takes no mail. It stays: take another salon "
    "for the real one.",
    "welcome.sample.submit": "Look at the sample book",
    "welcome.problem.not_empty": "The salon has a book of its own by now; the sample would be mixed into it.",
    "welcome.rename": "Another address",
    "welcome.slug": "Your name in the address",
    "welcome.slug.hint": "a to z, digits and dashes. The old address leads nowhere from then on.",
    "welcome.said.renamed": "That is your address now.",
    "welcome.problem.slug": "Write 1 to 63 letters from a to z, digits and dashes, with no dash at either end.",
    "welcome.problem.taken": "This name is taken. Choose another one.",
    "welcome.later": "Put the guide away",
    "welcome.card": "Getting ready: {done} of {all} done",
    "welcome.card.text": "Go on where you were.",
}

NORWEGIAN: Final = {
    "welcome.title": "Velkommen",
    "welcome.text": "Fire korte steg, så kan kunder bestille hos dere. Det tar omtrent fem minutter.",
    "welcome.done": "{done} av {all} gjort",
    "welcome.ready": "gjort",
    "welcome.go": "Gjør det",
    "welcome.look": "Se på det",
    "welcome.hours": "Når dere har åpent",
    "welcome.hours.text": "En vanlig uke er allerede fylt ut: endre det som er annerledes, og lagre.",
    "welcome.services": "Hva dere tilbyr",
    "welcome.services.text": "Navn, varighet og pris; én er nok til å begynne med.",
    "welcome.staff": "Hvem som arbeider her",
    "welcome.staff.text": "Og hva hver av dem gjør. Legg til deg selv, om du arbeider alene.",
    "welcome.channels": "Slik når dere kundene",
    "welcome.channels.text": "WhatsApp, SMS eller e-post, og en test for å se at det virker.",
    "welcome.public": "Her kommer kunder til å bestille",
    "welcome.public.ready": "Dere er klare: her bestiller kunder",
    "welcome.public.text": "Sett adressen på nettstedet, døren og meldingene deres.",
    "welcome.bring": "Har dere en bok fra før?",
    "welcome.bring.text": "Ta den med fra et annet system, som CSV: tjenester, ansatte, åpningstider, kunder, "
    "timer og venteliste på én gang.",
    "welcome.sample": "Vil du bare se deg om?",
    "welcome.sample.text": "Fyll salongen med en eksempelbok: tjenester, tre ansatte, timer for to uker og en "
    "venteliste. Alle i den er oppdiktet, med en adresse som ikke tar imot e-post. Den blir liggende: bruk en annen "
    "salong når det er alvor.",
    "welcome.sample.submit": "Se på eksempelboken",
    "welcome.problem.not_empty": "Salongen har sin egen bok nå; eksemplene ville blandet seg med den.",
    "welcome.rename": "En annen adresse",
    "welcome.slug": "Navnet deres i adressen",
    "welcome.slug.hint": "a til z, tall og bindestreker. Den gamle adressen leder ingen steder fra da av.",
    "welcome.said.renamed": "Det er adressen deres nå.",
    "welcome.problem.slug": "Skriv 1 til 63 bokstaver fra a til z, tall og bindestreker, uten bindestrek i "
    "noen av endene.",
    "welcome.problem.taken": "Dette navnet er tatt. Velg et annet.",
    "welcome.later": "Legg bort veiledningen",
    "welcome.card": "Gjør klart: {done} av {all} gjort",
    "welcome.card.text": "Fortsett der du var.",
}
