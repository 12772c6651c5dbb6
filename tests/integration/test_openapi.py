"""The API keeps to its own description, whoever asks and whatever they send (schemathesis).

Each operation is called with ids that are there and with any, with bodies that the description allows and with some
that it forbids. What must not be: an error of ours, an answer that is not described, one that doesn't look as
described, and a yes to what is forbidden. FUZZ_EXAMPLES and FUZZ_SEED make it longer, and other: `make fuzz`.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import httpx
import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from standby.accounts import api_keys
from standby.accounts.permissions import SALON_ROLES, Permission, Role
from standby.operators import Operator, issue_token
from standby.web.app import create_app
from tests.accounts import sign_in, somebody
from tests.api import token_for
from tests.integration.test_isolation import ids_of, live_a_little
from tests.salon import SECRET, Shop

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
ADDRESS = "http://standby.test"
NOBODY, KEY = "nobody", "a key"

Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
OneCase: TypeAlias = Case[Operation]

LOOKS = schemathesis.Config.from_dict(
    {
        "checks": {
            # Asks again by itself, over the network; test_isolation.py asks every address without a token.
            "ignored_auth": {"enabled": False},
            # Wants a yes to all that the description allows; that two fields contradict each other, or that there is
            # no such service, no description can say.
            "positive_data_acceptance": {"enabled": False},
        },
        # Who calls shows what is theirs; test_forms.py shows keys and tokens of any bytes.
        "generation": {"with-security-parameters": False},
    }
)


@dataclass
class Calls:
    """Each request is made by everybody in turn: who may not before who may, for those change what is there."""

    people: Mapping[str, httpx.AsyncClient]
    ids: Mapping[str, str]
    loop: asyncio.AbstractEventLoop
    answers: Mapping[str, Counter[int]]

    def try_out(self, operation: Operation) -> None:
        """Sends what the operation's description leads to, and looks at what comes back. Raises FailureGroup."""
        there = {one.name: self.ids[one.name] for one in operation.path_parameters if one.name in self.ids}
        may = self._send(operation.as_strategy(path_parameters=there or None).map(self._meant), self.people)
        # Who is refused for who they are is refused whatever they send (test_permissions.py).
        if there:
            self._send(operation.as_strategy(), may)
        # Where all that is sent is a token or a name, which may be any text, nothing is forbidden.
        if "_id}" in operation.path or operation.query or operation.body:
            self._send(operation.as_strategy(GenerationMode.NEGATIVE), may)

    def _meant(self, case: OneCase) -> OneCase:
        """With ids in the body that are there."""
        if isinstance(case.body, dict):
            case.body |= {name: self.ids[name] for name in case.body.keys() & self.ids.keys()}
        return case

    def _send(self, cases: st.SearchStrategy[OneCase], names: Collection[str]) -> Collection[str]:
        """Returns who was not refused every time for who they are."""
        may: set[str] = set()

        @seed(SEED)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(cases)
        def run(case: OneCase) -> None:
            sent = requests.Request(**case.as_transport_kwargs(base_url=ADDRESS)).prepare()
            for name in names:
                # In the loop that the system's connections belong to.
                answer = asyncio.run_coroutine_threadsafe(
                    _answer(self.people[name], sent), self.loop
                ).result()
                if name != NOBODY or "/public/" not in case.path:  # That is there for anybody.
                    self.answers[name][answer.status_code] += 1
                case.validate_response(answer)
                if answer.status_code not in (401, 403):
                    may.add(name)

        run()
        return [name for name in names if name in may]


def ends_something(operation: Operation) -> tuple[bool, bool]:
    """What takes away what others ask for comes last."""
    return operation.path == "/api/auth/sign-out", operation.method == "delete"


async def _answer(client: httpx.AsyncClient, sent: requests.PreparedRequest) -> httpx.Response:
    headers: Any = dict(sent.headers)
    content: Any = sent.body
    return await client.request(str(sent.method), str(sent.url), headers=headers, content=content)


@asynccontextmanager
async def callers(shop: Shop, app: FastAPI) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Who calls, with least rights first: nobody, a program, people with a token and a session, an operator."""
    day = timedelta(days=1)
    async with shop.transaction() as tx:
        key = await api_keys.make(
            tx, "till", [Permission.READ_BOOK], ends_at=None, by="test", now=shop.clock()
        )
    shown = {NOBODY: "", KEY: key.key}
    shown |= {role: token_for(shop, role) for role in reversed(SALON_ROLES)}
    shown[Role.OPERATOR] = issue_token(SECRET.encode(), Operator("op"), now=shop.clock(), lifetime=day)
    async with AsyncExitStack() as opened:
        people = {}
        for name, token in shown.items():
            headers = {"Sec-Fetch-Site": "same-origin"} | (
                {"Authorization": f"Bearer {token}"} if token else {}
            )
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            client = httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers)
            people[name] = await opened.enter_async_context(client)
        for role in SALON_ROLES:
            await somebody(shop, f"{role}@example.com", role)
            assert (await sign_in(people[role], f"{role}@example.com")).status_code == 200
        yield people


@pytest.mark.timeout(150 * EXAMPLES)
async def test_every_operation_answers_everybody_as_it_is_described(shop: Shop) -> None:
    await live_a_little(shop)
    async with shop.transaction() as tx:  # A test goes nowhere: what is private is not asked.
        await tx.execute("UPDATE webhook_endpoints SET url = 'https://127.0.0.1/'")
    ids = {name: str(one) for name, one in (await ids_of(shop)).items()}
    ids |= {"kind": "offer", "language": "en", "channel": "sms", "queue": "waitlist.expiry"}
    app = create_app(shop.system.web)
    described = schemathesis.openapi.from_dict(app.openapi(), config=LOOKS)
    operations = [one.ok() for one in described.get_all_operations() if isinstance(one, Ok)]
    assert len(operations) > 100
    wrong = []
    async with callers(shop, app) as people:
        calls = Calls(people, ids, asyncio.get_running_loop(), {name: Counter() for name in people})
        for operation in sorted(operations, key=ends_something):
            try:
                await asyncio.to_thread(calls.try_out, operation)
            except FailureGroup as failure:
                wrong.append(f"{operation.label}: {failure}")
    assert not wrong, "\n".join(wrong)
    # It got past the door: to what a role may do, and with ids that are there.
    assert set(calls.answers[NOBODY]) <= {202, 400, 401, 404, 422, 429}
    assert calls.answers[Role.OWNER][200] > 30
    assert calls.answers[Role.OWNER][201] > 5
    assert calls.answers[Role.OPERATOR][200] > 5
