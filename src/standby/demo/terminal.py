"""How the demo looks in a terminal."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.progress_bar import ProgressBar
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from standby.clock import Clock
from standby.demo.checks import Check
from standby.demo.scene import OpenOffer
from standby.demo.story import Line, Mood, clock_time

# Each a sign one column wide, and a colour that is legible on dark and on light.
SIGNS: Final[Mapping[Mood, tuple[str, str]]] = {
    Mood.CANCELLED: ("✗", "bold red"),
    Mood.OPENED: ("+", "bold"),
    Mood.OFFERED: ("→", "cyan"),
    Mood.MESSAGE: ("»", "dim"),
    Mood.DECLINED: ("↩", "yellow"),
    Mood.SILENT: ("…", "yellow"),
    Mood.BOOKED: ("✓", "bold green"),
    Mood.STUCK: ("!", "magenta"),
    Mood.QUIET: ("·", "dim"),
}
KEYS: Final = (("c", "cancel another"), ("a", "accept"), ("d", "decline"), ("w", "wait?"), ("q", "quit"))
STORIES: Final = ("blue", "magenta", "cyan", "green", "yellow")
OFFERS_SHOWN: Final = 4
WIDE: Final = 110  # columns
STORY_INDENT: Final = 13  # where the story's texts begin, right of time, number and sign


class Terminal:
    """Prints the demo to a console. `offers` is what the clocks at the bottom show."""

    def __init__(self, console: Console, clock: Clock, zone: ZoneInfo) -> None:
        self.offers = list[OpenOffer]()
        self._console = console
        self._clock = clock
        self._zone = zone
        self._numbers: dict[tuple[str, datetime], int] = {}

    @contextmanager
    def busy(self, doing: str, done: str) -> Iterator[None]:
        """A spinner while the block runs; then a line that says what is done, and in how many seconds."""
        began = self._clock()
        with self._console.status(f"{doing} …"):
            yield
        self.good(done, self._clock() - began)

    @contextmanager
    def progress(self, doing: str) -> Iterator[Callable[[int, int], None]]:
        """A bar; the block is given a function that is told what is done, and how much it is in all."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        quiet = not self._console.is_terminal
        with Progress(*columns, console=self._console, transient=True, disable=quiet) as bar:
            task = bar.add_task(f"{doing} …")
            yield lambda done, total: bar.update(task, completed=done, total=total)

    def good(self, what: str, took: timedelta | None = None) -> None:
        """A line for something that went well."""
        line = Text.assemble(("✓ ", "green"), what)
        if took is not None:
            line.append(f"  {took.total_seconds():.1f} s", "dim")
        self._console.print(line)

    def say(self, text: str, *, indent: int = 0) -> None:
        """A line by itself, quietly."""
        self._console.print(Padding(Text(text, "dim italic"), (0, 0, 0, indent)))

    def reply(self, text: str) -> None:
        """The answer to a key, in line with the story."""
        self.say(text, indent=STORY_INDENT)

    def intro(self, about: str, places: Sequence[tuple[str, str, str]]) -> None:
        """What this is, and where to look (name, address, what is there)."""
        grid = Table.grid(padding=(0, 2))
        for name, address, there in places:
            shown = Text(address, f"bold cyan link {address}" if address.startswith("http") else "")
            about_it = Text(there, "dim")
            both = (shown, about_it) if self._console.width >= WIDE else (Group(shown, about_it),)
            grid.add_row(Text(name, "bold"), *both)
        panel = Panel(
            Group(about, "", grid),
            title="[bold]Standby[/] demo",
            title_align="left",
            border_style="green",
            padding=(1, 2),
            width=min(self._console.width, WIDE),
        )
        self._console.print()
        self._console.print(panel)

    def token(self, token: str, file: Path) -> None:
        """The token for the API: the command that reads it, which fits on a line, and below it the token itself."""
        command = f"TOKEN=$(cat {shlex.quote(str(file))})"
        self._console.print(Text.assemble(("Token ", "bold"), command, (", or:", "dim")), soft_wrap=True)
        self._console.print(Text(token, "dim"), soft_wrap=True)

    def tell(self, lines: Sequence[Line]) -> None:
        """The story goes on."""
        for line in lines:
            if line.mood is Mood.CANCELLED:
                self._console.print()
            self._console.print(self._told(line))

    @contextmanager
    def clocks(self, *, keys: bool) -> Iterator[None]:
        """Keeps the open offers' clocks, and which keys there are, at the bottom while the block runs."""
        if not self._console.is_terminal:
            yield
            return
        with Live(
            console=self._console,
            get_renderable=lambda: self._bottom(keys=keys),
            refresh_per_second=4,
            transient=True,
        ):
            yield

    def timeline(self, lines: Sequence[Line], since: datetime) -> None:
        """What happened when, and how long after `since`."""
        table = Table(box=box.SIMPLE_HEAD, title="The story", title_justify="left", title_style="bold")
        table.add_column("Time", no_wrap=True)
        table.add_column("ms", justify="right", no_wrap=True)
        table.add_column("What happened")
        for line in sorted(lines, key=lambda line: line.at):
            sign, style = SIGNS[line.mood]
            after = round((line.at - since) / timedelta(milliseconds=1))
            time = f"{line.at.astimezone(self._zone):%H:%M:%S.%f}"[:-3]
            table.add_row(
                Text(time, "dim"), f"{after:,}".replace(",", " "), Text(f"{sign} {line.text}", style)
            )
        self._console.print()
        self._console.print(table)

    def checks(self, checks: Sequence[Check]) -> None:
        """What was looked up in the database; for what is wrong, what it should be."""
        table = Table(box=box.SIMPLE_HEAD, title="In the database", title_justify="left", title_style="bold")
        table.add_column("", no_wrap=True)
        table.add_column("What")
        table.add_column("Found")
        for check in checks:
            found = Text(check.found)
            if not check.good:
                found = Text.assemble((check.found, "red"), ("\nexpected: ", "dim"), check.expected)
            table.add_row(
                Text("✓", "green") if check.good else Text("✗", "bold red"), Text(check.what), found
            )
        self._console.print(table)

    def _told(self, line: Line) -> RenderableType:
        sign, style = SIGNS[line.mood]
        grid = Table.grid(padding=(0, 1, 0, 0))
        for _ in range(3):
            grid.add_column(no_wrap=True)
        grid.add_column()
        text = Text(line.text, style)
        if line.more:
            text.append(f"\n{line.more}", "dim not bold")
        time = Text(f"{line.at.astimezone(self._zone):%H:%M:%S}", "dim")
        grid.add_row(time, self._number(line), Text(sign, style), text)
        return grid

    def _number(self, line: Line) -> Text:
        """Which story a line is of: each cancellation begins one."""
        if line.about is None:
            return Text(" ")
        if line.mood is Mood.CANCELLED or line.about not in self._numbers:
            self._numbers[line.about] = max(self._numbers.values(), default=0) + 1
        number = self._numbers[line.about]
        return Text(str(number), STORIES[(number - 1) % len(STORIES)])

    def _bottom(self, *, keys: bool) -> RenderableType:
        now = self._clock()
        grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
        for width in (5, 16, None):
            grid.add_column(no_wrap=True, width=width)
        grid.add_column(no_wrap=True, overflow="ellipsis", style="dim", ratio=1)
        for offer in self.offers[:OFFERS_SHOWN]:
            left = max(timedelta(), offer.expires_at - now)
            bar = ProgressBar(offer.window_seconds, left.total_seconds(), width=16, complete_style="cyan")
            grid.add_row(Text(clock_time(left), "bold"), bar, offer.customer, offer.about(self._zone))
        clocks = grid if self.offers else Text("No offer is open.", "dim")
        return Group(Rule(style="dim"), clocks, *([_keys()] if keys else []))


def _keys() -> RenderableType:
    hints = [Text.assemble((f" {key} ", "reverse bold"), f" {what}") for key, what in KEYS]
    return Padding(Text("  ").join(hints), (1, 0, 0, 0))
