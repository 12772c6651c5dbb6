"""Every form of a salon's pages, found by its links: what is wrong is answered by the page, not by the browser."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
import pytest

from tests.accounts import browsing, sign_in, somebody
from tests.salon import Shop

TYPED = frozenset({"text", "email", "tel", "url", "number", "date", "time", "search", "password"})
LEFT_OUT = re.compile(r"/sign-out|/app/export|/account/(delete|password|email)|/api/")
ANSWERS = {200, 303, 404, 409, 413, 422, 429}
LONGER_THAN_ANYTHING = "x" * 6000


@dataclass
class Form:
    action: str
    checked_by_the_browser: bool
    fields: list[tuple[str, str, str]] = field(default_factory=list)  # name, type, value

    def filled(self, what: str) -> dict[str, list[str]]:
        values: dict[str, list[str]] = {}
        for name, kind, value in self.fields:
            if kind not in ("checkbox", "radio", "file"):
                values.setdefault(name, []).append(value if kind == "hidden" else what)
        return values


class Forms(HTMLParser):
    def __init__(self, page: httpx.Response) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._inside: Form | None = None
        self._path = page.url.path
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._inside = Form(told.get("action") or self._path, "novalidate" not in told)
            if told.get("method") == "post":
                self.found.append(self._inside)
        elif self._inside and tag in ("input", "select", "textarea") and told.get("name"):
            kind = (told.get("type") or "text") if tag == "input" else tag
            self._inside.fields.append((told["name"] or "", kind, told.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None


@pytest.mark.parametrize("what", ["", LONGER_THAN_ANYTHING], ids=["empty", "too long"])
async def test_whatever_is_sent_is_answered_by_a_page(shop: Shop, what: str) -> None:
    await somebody(shop)
    await shop.book()
    await shop.join("Kari")
    await shop.free_slot(at=shop.clock() + timedelta(days=20))
    await shop.run_jobs()
    async with browsing(shop, Accept="text/html") as kim:
        await sign_in(kim)
        forms = await _forms(kim)
        assert len(forms) > 40
        for form in forms.values():
            typed = any(kind in TYPED for _, kind, _ in form.fields)
            assert not (typed and form.checked_by_the_browser), form.action
        for form in forms.values():
            answer = await kim.post(form.action, data=form.filled(what))
            assert answer.status_code in ANSWERS, (form, answer.text)
            page = "text/html" in answer.headers.get("content-type", "") or answer.status_code == 303
            assert page, (form, answer.headers, answer.text)


async def _forms(kim: httpx.AsyncClient) -> dict[str, Form]:
    """One of each kind: with other ids it is the same form."""
    seen: dict[str, Form] = {}
    asked: set[str] = set()
    todo = ["/app", "/account"]
    while todo:
        path = todo.pop()
        if _kind(path) in asked or LEFT_OUT.search(path):
            continue
        asked.add(_kind(path))
        page = await kim.get(path, follow_redirects=True)
        if "text/html" not in page.headers.get("content-type", ""):
            continue
        for form in Forms(page).found:
            if not LEFT_OUT.search(form.action):
                seen.setdefault(_kind(form.action), form)
        todo += [unescape(one) for one in re.findall(r'href="(/(?:app|account)[^"#]*)', page.text)]
    return seen


def _kind(address: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\d", "", urlsplit(address).path)
