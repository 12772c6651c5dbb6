"""/api/texts: what the salon says to its customers, in its own words or in ours."""

from datetime import datetime

from fastapi import APIRouter, Request, status
from pydantic import Field

from standby.channels.limits import SMS_TEXT, WHATSAPP_TEXT
from standby.messages import preview, texts
from standby.messages.texts import LONGEST, Text
from standby.web.api.caller import GetCaller
from standby.web.api.forms import FormRoute
from standby.web.api.shapes import Body, View

router = APIRouter(tags=["texts"], route_class=FormRoute)


class TextBody(Body):
    """The salon's own words. What is null or left out is said in ours. An offer's link follows by itself."""

    subject: str | None = Field(
        default=None, description=f"for email; {LONGEST['subject']} characters at most"
    )
    body: str | None = Field(
        default=None, description=f"for WhatsApp and email; {LONGEST['body']} characters at most"
    )
    sms: str | None = Field(default=None, description=f"{LONGEST['sms']} characters at most")

    def given(self) -> Text:
        """As the domain takes it, which checks it."""
        return Text(self.subject, self.body, self.sms)


class TextView(View):
    subject: str | None
    body: str | None
    sms: str | None


class SavedView(View):
    text: TextView
    changed_at: datetime
    changed_by: str


class TextPlaceView(View):
    name: str = Field(description="written in braces: {first_name}")
    explanation: str
    needed: bool = Field(description="true: body and sms have to name it")


class ListedTextView(View):
    kind: str
    language: str
    own: SavedView | None = Field(description="null: the salon uses ours")
    ours: TextView
    places: list[TextPlaceView]


class TextsView(View):
    language: str = Field(description="what the salon's customers read")
    falls_back: bool = Field(
        description="true: there are no texts in the salon's own language, so this is English"
    )
    items: list[ListedTextView]


class WhatsAppView(View):
    text: str
    longest: int = WHATSAPP_TEXT
    cut: bool = Field(description="true: it was too long")
    template: str | None = Field(
        description="the approved template that it goes out as, unless the customer wrote within a day; null: none"
    )


class SmsView(View):
    text: str
    longest: int = SMS_TEXT
    cut: bool = Field(description="true: it was too long")
    segments: int = Field(description="how many SMS it is billed as")
    encoding: str = Field(
        description="GSM-7, or UCS-2 if it has a letter that GSM-7 hasn't", examples=["GSM-7"]
    )


class EmailView(View):
    subject: str
    text: str
    html: str


class PreviewView(View):
    """A message to a made-up customer, by each channel."""

    language: str
    falls_back: bool
    whatsapp: WhatsAppView
    sms: SmsView
    email: EmailView


@router.get("/texts")
async def list_texts(caller: GetCaller) -> TextsView:
    """Every kind of message in every language: the salon's own text, ours, and what may stand in them."""
    async with caller.transaction() as tx:
        return TextsView.model_validate(await texts.all_of(tx))


@router.put("/texts/{kind}/{language}", status_code=status.HTTP_204_NO_CONTENT)
async def save_text(kind: str, language: str, body: TextBody, caller: GetCaller) -> None:
    """Replaces the salon's own text. By WhatsApp it goes out once its template is approved."""
    async with caller.transaction() as tx:
        await texts.save(tx, kind, language, body.given(), now=caller.web.clock(), by=caller.actor)


@router.delete("/texts/{kind}/{language}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_text(kind: str, language: str, caller: GetCaller) -> None:
    """Goes back to our text."""
    async with caller.transaction() as tx:
        await texts.remove(tx, kind, language)


@router.post("/texts/{kind}/{language}/preview")
async def preview_text(
    kind: str, language: str, body: TextBody, request: Request, caller: GetCaller
) -> PreviewView:
    """Shows what a made-up customer would read. Nothing is saved."""
    async with caller.transaction() as tx:
        seen = await preview.show(
            tx,
            kind,
            language,
            body.given(),
            public_url=str(request.base_url).rstrip("/"),
            now=caller.web.clock(),
        )
    return PreviewView(
        language=seen.language,
        falls_back=seen.falls_back,
        whatsapp=WhatsAppView(
            text=seen.whatsapp,
            cut="whatsapp" in seen.cut,
            template=seen.template.name if seen.template else None,
        ),
        sms=SmsView(
            text=seen.sms,
            cut="sms" in seen.cut,
            segments=seen.segments.count,
            encoding=seen.segments.encoding,
        ),
        email=EmailView(subject=seen.subject, text=seen.text, html=seen.html),
    )
