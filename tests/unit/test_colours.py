"""A salon may have any colour, and its pages are readable in it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from standby.web.colours import DARK, ENOUGH, LIGHT, Shades, contrast, dark, light
from standby.web.pages import STATIC

ANY = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def readable(shades: Shades, papers: tuple[str, ...]) -> None:
    for paper in papers:
        assert contrast(shades.accent, paper) >= ENOUGH
    assert contrast(shades.on_accent, shades.accent) >= ENOUGH
    assert contrast(shades.on_accent, shades.accent_strong) >= ENOUGH
    assert contrast(shades.on_accent_soft, shades.accent_soft) >= ENOUGH


@given(ANY)
def test_every_colour_is_readable_in_light_and_dark(accent: str) -> None:
    readable(light(accent), LIGHT)
    readable(dark(accent), DARK)


def test_a_colour_that_is_readable_stays_itself() -> None:
    assert light("#0b6b53").accent == "#0b6b53"
    assert dark("#6ed2af").accent == "#6ed2af"
    assert light("#ffee00").accent != "#ffee00"


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_the_page_that_shows_both_lights_has_the_tokens_of_the_pages() -> None:
    tokens, shown = ((STATIC / name).read_text() for name in ("standby.css", "settings.css"))
    for name in ("paper", "surface", "line", "ink", "ink-soft"):
        both = re.findall(rf"--{name}: (#\w+);", tokens)
        assert re.findall(rf"--{name}: (#\w+);", shown) == both, name


def test_the_papers_are_those_of_the_pages() -> None:
    tokens = (STATIC / "standby.css").read_text()
    whole = {
        re.sub(r"^#(.)(.)(.)$", r"#\1\1\2\2\3\3", one) for one in re.findall(r"#[0-9a-f]{3,6}\b", tokens)
    }
    assert {*LIGHT, *DARK} <= whole
