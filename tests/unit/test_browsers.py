"""What somebody signs in with, in words."""

import pytest

from standby.web.browsers import agent_of

MOZILLA = "Mozilla/5.0 "
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("said", "is_called"),
    [
        ("(Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", ("Firefox", "Windows")),
        (f"(Windows NT 10.0) {WEBKIT}Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", ("Edge", "Windows")),
        (f"(X11; Linux x86_64) {WEBKIT}Chrome/126.0.0.0 Safari/537.36", ("Chrome", "Linux")),
        (f"(X11; CrOS x86_64 14541.0.0) {WEBKIT}Chrome/126.0.0.0 Safari/537.36", ("Chrome", "ChromeOS")),
        (f"(Linux; Android 14; SM-S921B) {WEBKIT}SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
         ("Samsung Internet", "Android")),
        ("(iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
         ("Safari", "iPhone")),
        ("(iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/126.0 Mobile/15E148 Safari/604.1",
         ("Chrome", "iPad")),
        ("(Macintosh; Intel Mac OS X 14.5; rv:128.0) Gecko/20100101 Firefox/128.0", ("Firefox", "Mac")),
        ("(something new)", ("", "")),
    ],
)  # fmt: skip
def test_a_browser_is_called_what_its_user_calls_it(said: str, is_called: tuple[str, str]) -> None:
    assert agent_of(MOZILLA + said) == is_called


def test_a_program_is_called_what_it_calls_itself() -> None:
    assert agent_of("curl/8.5.0") == ("curl/8.5.0", "")
    assert agent_of("till-of-the-salon/2 (build 7)") == ("till-of-the-salon/2", "")
    assert agent_of("") == ("", "")
    assert len(agent_of("x" * 300).browser) == 60
