"""One line of the doctor's report."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How bad a finding is. A problem: something is broken, or nothing is offered or sent."""

    FINE = "[green]✓[/]"
    WARNING = "[yellow]![/]"
    PROBLEM = "[red]✗[/]"


FINE, WARNING, PROBLEM = Level


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    level: Level
    what: str
    advice: str = ""


def counted(number: int, what: str) -> str:
    """As people say it: 1 warning, 2 warnings."""
    return f"{number} {what}{'' if number == 1 else 's'}"
