"""What webhooks are told, in the API's description."""

from typing import Any

from fastapi import FastAPI

from standby.webhooks.events import EVENTS, body_of


def install(app: FastAPI) -> None:
    """Adds every type of event to the description."""
    for name, event in EVENTS.items():
        app.webhooks.add_api_route(
            name,
            _receiver(name),
            methods=["POST"],
            summary=name,
            description=event.happens,
            tags=["webhooks"],
            response_description="Taken, as with any 2xx.",
            responses={
                "410": {"description": "The webhook is told nothing more."},
                "default": {"description": "Not taken: it is sent again, for a day."},
            },
        )


def _receiver(name: str) -> Any:
    def receive(body: Any) -> None:
        """Never called: a description is made of it, and whoever is told of events answers."""

    receive.__annotations__["body"] = body_of(name)
    return receive
