"""A salon's templates as WhatsApp has approved them: those that `standby channel templates` prints."""

from standby.messages.words import TEXTS, template_name, template_text
from tests.fakes.whatsapp import Approved

APPROVED = {
    (template_name(kind), language): Approved(
        template_text(kind, language).count("{{"), buttons=2 if kind.startswith("offer") else 0
    )
    for language, texts in TEXTS.items()
    for kind in texts
}
