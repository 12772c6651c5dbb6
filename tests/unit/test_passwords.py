"""What may be chosen as a password, and where attempts are counted."""

import pytest

from standby.accounts.passwords import Passwords, problem_of
from standby.accounts.throttle import place_of


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("eleven char", "short"),
        ("twelve chars", None),
        ("x y" * 42 + "zz", None),
        ("x y" * 43, "long"),
        ("🙂" * 11, "short"),
        ("🙂 ÆØÅ 漢字 \t\0 og mer", None),
        ("Password1234", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("Kari.Nordmann og katten", "name"),
        ("kari og katten hennes", None),
    ],
)
def test_what_may_be_chosen(password: str, problem: str | None) -> None:
    assert problem_of(password, "kari.nordmann@example.com") == problem


def test_a_name_of_two_letters_is_in_every_other_password() -> None:
    assert problem_of("an ordinary long one", "an@example.com") is None


async def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    passwords = Passwords(memory_kib=8, passes=1)
    kept = await passwords.hashed("blåbærsyltetøy i A\N{COMBINING RING ABOVE}s")
    assert await passwords.is_right(kept, "blåbærsyltetøy i Ås")
    assert not await passwords.is_right(kept, "blåbærsyltetøy i As")
    assert not await passwords.is_right(None, "nobody has this one")
    assert not await passwords.is_right("no hash", "anything")
    assert await passwords.is_right(await passwords.hashed("half \ud83d of it"), "half \ud83d of it")


async def test_they_are_hashed_as_owasp_says_and_anew_when_they_were_not() -> None:
    kept = await Passwords().hashed("four plain words here")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not Passwords().is_outdated(kept)
    assert Passwords(memory_kib=20_000).is_outdated(kept)


def test_an_ipv6_address_counts_by_its_network_and_one_that_is_none_too() -> None:
    assert place_of("2001:db8:1:2:3:4:5:6") == place_of("2001:db8:1:2::9")
    assert place_of("2001:db8:1:3::1") != place_of("2001:db8:1:2::1")
    assert place_of("::ffff:192.0.2.1") == place_of("192.0.2.1")
    assert place_of("") == place_of("testclient")
