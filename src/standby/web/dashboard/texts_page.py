"""/app/texts: what the salon says to its customers, in its own words or in ours, seen before it is said. No scripts."""

from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.accounts.permissions import Permission
from standby.channels.limits import SMS_TEXT
from standby.errors import Invalid
from standby.messages import preview, texts
from standby.messages.catalogue import CATALOGUES
from standby.messages.kinds import KINDS, PARTS
from standby.messages.texts import LONGEST, Text, Texts
from standby.web.dashboard.back import back
from standby.web.dashboard.typed import Form
from standby.web.dashboard.visitor import Visitor, asks

router = APIRouter(prefix="/app/texts", include_in_schema=False)

FORM: Final = "text"
DONE: Final = ("saved", "ours")
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_SALON)]
Changer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_SALON)]


@router.api_route("", methods=["GET", "HEAD"])
async def show_texts(visitor: Reader, language: str = "") -> HTMLResponse:
    """The kinds of messages in one language: the salon's, unless another is chosen."""
    async with visitor.transaction() as tx:
        every = await texts.all_of(tx)
    chosen = language if language in CATALOGUES else every.language
    return visitor.page(
        "texts.html",
        "texts",
        language=chosen,
        languages=list(CATALOGUES),
        theirs=every.language,
        kinds=[
            {"name": one.kind, "own": one.own is not None, "ours": one.ours.sms}
            for one in every.items
            if one.language == chosen
        ],
    )


@router.api_route("/{kind}/{language}", methods=["GET", "HEAD"])
async def show_text(visitor: Reader, kind: str, language: str, said: str = "") -> Response:
    return await _page(visitor, kind, language, None, said=said if said in DONE else "")


@router.post("/{kind}/{language}/preview")
async def look(visitor: Reader, kind: str, language: str, request: Request) -> Response:
    """What a customer would read; nothing is kept."""
    return await _page(visitor, kind, language, await _sent(visitor, request))


@router.post("/{kind}/{language}")
async def save_text(visitor: Changer, kind: str, language: str, request: Request) -> Response:
    """What is left empty is said in our words."""
    form = await _sent(visitor, request)
    text = _text(form)
    try:
        async with visitor.transaction() as tx:
            if text.given():
                await texts.save(tx, kind, language, text, now=visitor.web.clock(), by=visitor.session.actor)
            else:
                await texts.remove(tx, kind, language)
    except Invalid:
        return await _page(visitor, kind, language, form, status=422)
    return back(f"texts/{kind}/{language}", "saved" if text.given() else "ours")


@router.post("/{kind}/{language}/ours")
async def go_back(visitor: Changer, kind: str, language: str) -> Response:
    """Our words again."""
    if not _is_known(kind, language):
        return back("texts")
    async with visitor.transaction() as tx:
        await texts.remove(tx, kind, language)
    return back(f"texts/{kind}/{language}", "ours")


async def _sent(visitor: Visitor, request: Request) -> Form:
    return Form.sent(FORM, await request.form(), visitor.words)


def _text(form: Form) -> Text:
    return Text(**{part: form[part] or None for part in PARTS})


def _is_known(kind: str, language: str) -> bool:
    return kind in KINDS and language in CATALOGUES


async def _page(
    visitor: Visitor, kind: str, language: str, form: Form | None, *, said: str = "", status: int = 200
) -> Response:
    if not _is_known(kind, language):
        return back("texts")
    web, seen = visitor.web, None
    async with visitor.transaction() as tx:
        every = await texts.all_of(tx)
        listed = next(one for one in every.items if (one.kind, one.language) == (kind, language))
        own = listed.own.text if listed.own else Text()
        form = form or Form(FORM, visitor.words, own.given())
        try:
            seen = await preview.show(
                tx, kind, language, _text(form), public_url=web.public_url, now=web.clock()
            )
        except Invalid as invalid:
            for one in invalid.problems:
                form.wrong(one.field, f"texts.problem.{one.code}", most=str(LONGEST.get(one.field, 0)))
            status = 422
    return visitor.page(
        "text.html",
        "texts",
        status=status,
        kind=kind,
        language=language,
        form=form,
        ours=listed.ours,
        own=listed.own,
        changed=visitor.moment(listed.own.changed_at) if listed.own else "",
        places=listed.places,
        parts=[(part, LONGEST[part]) for part in PARTS],
        seen=seen,
        sms_longest=SMS_TEXT,
        used=_is_used(every, language),
        may_change=Permission.WRITE_SALON in visitor.permissions,
        said=said,
    )


def _is_used(every: Texts, language: str) -> bool:
    """Whether the salon's customers read that language."""
    return every.language == language
