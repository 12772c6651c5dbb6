"""A salon's one accent colour as its pages use it, in light and in dark: each pair of colours has its contrast.

Pure. Contrast is WCAG's: 4.5 for text, which all of these are or carry somewhere.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final, TypeAlias

Colour: TypeAlias = tuple[int, int, int]

ENOUGH: Final = 4.5
STEPS: Final = 100
STRONGER: Final = 0.15  # how much further from the paper what is pointed at is
WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
# The pages' own, from standby.css: what the accent stands on, and text in the accent's place.
LIGHT: Final = ("#eff4f1", "#dcebe3", "#ffffff", "#e6ede9")
DARK: Final = ("#0f1613", "#16261f", "#19231f", "#131c18")
INK: Final = "#06120c"


@dataclass(frozen=True)
class Shades:
    """The values of the tokens of docs/design.md."""

    accent: str
    accent_strong: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str


def light(accent: str) -> Shades:
    """For light pages. `accent` is #rrggbb."""
    return _shades(_rgb(accent), [_rgb(one) for one in LIGHT], WHITE, BLACK, soft=0.12)


def dark(accent: str) -> Shades:
    """For dark pages."""
    return _shades(_rgb(accent), [_rgb(one) for one in DARK], _rgb("#19231f"), WHITE, soft=0.2)


def stylesheet(accent: str) -> str:
    """The tokens in a salon's colour, for after standby.css."""
    by_day, by_night = (f":root {{{_tokens(shades)}}}" for shades in (light(accent), dark(accent)))
    return f"{by_day}\n@media (prefers-color-scheme: dark) {{{by_night}}}\n"


def url(slug: str, accent: str | None) -> str:
    """Where a salon's stylesheet is; it changes with the colour, so browsers may keep it. "": it has none."""
    return "" if accent is None else f"/{slug}/colours.css?v={accent[1:]}"


@dataclass(frozen=True)
class Look:
    """What becomes of a colour on light pages, or on dark ones; the contrasts are the least that there are, 1 to 21."""

    accent: str
    as_chosen: bool
    on_page: float
    on_button: float


def looks(accent: str) -> dict[str, Look]:
    """How a colour looks, by day ("light") and by night ("dark")."""
    both = {"light": (light(accent), LIGHT), "dark": (dark(accent), DARK)}
    return {
        when: Look(
            shades.accent,
            shades.accent == accent,
            min(contrast(shades.accent, paper) for paper in papers),
            min(contrast(shades.on_accent, one) for one in (shades.accent, shades.accent_strong)),
        )
        for when, (shades, papers) in both.items()
    }


def preview(accent: str) -> str:
    """The tokens of both looks side by side, each for the part of a page that shows it (settings.css)."""
    both = {"light": light(accent), "dark": dark(accent)}
    return "\n".join(f".look-{when} {{{_tokens(shades)}}}" for when, shades in both.items()) + "\n"


def _tokens(shades: Shades) -> str:
    return "".join(f"--{name.replace('_', '-')}: {value};" for name, value in asdict(shades).items())


def contrast(one: str, other: str) -> float:
    """1 to 21, by WCAG."""
    return _contrast(_rgb(one), _rgb(other))


def _shades(wanted: Colour, papers: list[Colour], surface: Colour, away: Colour, *, soft: float) -> Shades:
    accent = _towards(away, wanted, papers)
    on_accent = max((WHITE, _rgb(INK)), key=lambda one: _contrast(one, accent))
    accent_soft = _mixed(surface, accent, soft)
    return Shades(
        _written(accent),
        _written(_mixed(accent, away, STRONGER)),
        _written(on_accent),
        _written(accent_soft),
        _written(_towards(away, accent, [accent_soft])),
    )


def _towards(away: Colour, wanted: Colour, papers: Iterable[Colour]) -> Colour:
    """The colour itself, or the nearest on its way to black or white that is readable on all of these."""
    papers = list(papers)
    steps = (_mixed(wanted, away, step / STEPS) for step in range(STEPS + 1))
    return next((one for one in steps if all(_contrast(one, paper) >= ENOUGH for paper in papers)), away)


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(written: str) -> Colour:
    return int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)


def _written(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
