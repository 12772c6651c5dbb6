"""What somebody signs in with, as they would call it: Firefox, Windows. Pure.

Browsers say that they are each other, so the order counts: whoever claims to be the fewest comes first.
"""

from typing import Final, NamedTuple

BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
LONGEST: Final = 60


class Agent(NamedTuple):
    """A browser, and what it runs on; "" is what isn't known."""

    browser: str
    system: str


def agent_of(said: str) -> Agent:
    """What a User-Agent says. A program that is no browser is called what it calls itself."""
    if not said.startswith("Mozilla/"):
        return Agent(said.partition(" ")[0][:LONGEST], "")
    browser = next((name for mark, name in BROWSERS if mark in said), "")
    return Agent(browser, next((name for mark, name in SYSTEMS if mark in said), ""))
