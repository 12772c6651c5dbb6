"""Who works in the salon."""

from typing import Final

ENGLISH: Final = {
    "staff.title": "Staff",
    "staff.text": "Who customers come to: what each of them does, and when they work.",
    "staff.there": "Who works here",
    "staff.none": "Nobody works here yet",
    "staff.none.text": "Add the first one below; with yourself, if you work alone.",
    "staff.name": "Name",
    "staff.name.hint": "As customers are to read it.",
    "staff.services": "What they do",
    "staff.services.none": "There is no service yet.",
    "staff.services.add": "Add one first",
    "staff.does_nothing": "Does nothing that can be booked yet",
    "staff.no_week": "Works when the salon is open",
    "staff.active": "Can be booked",
    "staff.off": "can’t be booked",
    "staff.week": "Their own week",
    "staff.week.text": "Within the salon’s opening hours; what lies between two times is a break. With no times at all "
    "they work whenever the salon is open.",
    "staff.week.submit": "Save the week",
    "staff.new": "Add somebody",
    "staff.new.submit": "Add them",
    "staff.said.added": "They can be booked now.",
    "staff.said.changed": "It is changed. Appointments that are made already stay as they are.",
    "staff.said.week": "Their week is saved. Appointments that are made already stay as they are.",
    "staff.problem.taken": "Somebody of this name works here already.",
    "staff.problem.services": "One of these services isn’t there any more. Choose again.",
}

NORWEGIAN: Final = {
    "staff.title": "Ansatte",
    "staff.text": "Hvem kundene kommer til: hva hver av dem gjør, og når de arbeider.",
    "staff.there": "Hvem som arbeider her",
    "staff.none": "Ingen arbeider her ennå",
    "staff.none.text": "Legg til den første nedenfor; deg selv, om du arbeider alene.",
    "staff.name": "Navn",
    "staff.name.hint": "Slik kundene skal lese det.",
    "staff.services": "Hva de gjør",
    "staff.services.none": "Det er ingen tjeneste ennå.",
    "staff.services.add": "Legg til en først",
    "staff.does_nothing": "Gjør ingenting som kan bestilles ennå",
    "staff.no_week": "Arbeider når salongen er åpen",
    "staff.active": "Kan bestilles",
    "staff.off": "kan ikke bestilles",
    "staff.week": "Egen uke",
    "staff.week.text": "Innenfor salongens åpningstider; det som ligger mellom to tider, er en pause. Helt uten tider "
    "arbeider de når salongen er åpen.",
    "staff.week.submit": "Lagre uken",
    "staff.new": "Legg til noen",
    "staff.new.submit": "Legg til",
    "staff.said.added": "Nå kan de bestilles.",
    "staff.said.changed": "Det er endret. Timer som alt er bestilt, blir som de er.",
    "staff.said.week": "Uken er lagret. Timer som alt er bestilt, blir som de er.",
    "staff.problem.taken": "Noen med dette navnet arbeider her alt.",
    "staff.problem.services": "En av disse tjenestene finnes ikke lenger. Velg på nytt.",
}
