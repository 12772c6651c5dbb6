"""Who belongs to the salon."""

from typing import Final

ENGLISH: Final = {
    "members.title": "People",
    "members.text": "Who works in this salon’s book, and as what.",
    "members.invite": "Invite somebody",
    "members.invite.submit": "Send the invitation",
    "members.role": "Role",
    "members.roles": "Owners decide everything. Managers run the salon: rules, staff, hours. Staff work with the "
    "book. Viewers only look.",
    "members.there": "Who is here",
    "members.you": "that’s you",
    "members.change": "Change",
    "members.keep": "Save",
    "members.remove": "Remove from the salon",
    "members.invited": "Invited, and not here yet",
    "members.until": "until {until}",
    "members.take_back": "Take it back",
    "members.said.invited": "The invitation is on its way.",
    "members.said.changed": "The role is changed.",
    "members.said.removed": "They don’t belong to the salon any more.",
    "members.said.taken_back": "The invitation is good for nothing any more.",
    "members.problem.role": "Choose a role.",
    "members.problem.already": "They belong to the salon already.",
    "members.problem.many": "That’s as many invitations as go out in a day. Try again later.",
    "members.problem.last_owner": "A salon needs an owner: make somebody else one first.",
}

NORWEGIAN: Final = {
    "members.title": "Brukere",
    "members.text": "Hvem som arbeider i denne salongens bok, og som hva.",
    "members.invite": "Inviter noen",
    "members.invite.submit": "Send invitasjonen",
    "members.role": "Rolle",
    "members.roles": "Eiere bestemmer alt. Ledere driver salongen: regler, ansatte, åpningstider. Ansatte arbeider "
    "i boken. Lesere ser bare.",
    "members.there": "Hvem som er her",
    "members.you": "det er deg",
    "members.change": "Endre",
    "members.keep": "Lagre",
    "members.remove": "Fjern fra salongen",
    "members.invited": "Invitert, men ikke kommet ennå",
    "members.until": "til {until}",
    "members.take_back": "Trekk tilbake",
    "members.said.invited": "Invitasjonen er på vei.",
    "members.said.changed": "Rollen er endret.",
    "members.said.removed": "De hører ikke til salongen lenger.",
    "members.said.taken_back": "Invitasjonen gjelder ikke lenger.",
    "members.problem.role": "Velg en rolle.",
    "members.problem.already": "De hører til salongen allerede.",
    "members.problem.many": "Det er så mange invitasjoner som går ut på en dag. Prøv igjen senere.",
    "members.problem.last_owner": "En salong trenger en eier: gjør noen andre til det først.",
}
