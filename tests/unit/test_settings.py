"""Settings: where they come from, how they explain what is wrong, and that .env.example tells the truth."""

import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import ValidationError

from standby.settings import Settings, SettingsError, load, variable
from tools.env_example import EXAMPLE, example


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No .env in the directory, and none of our variables in the environment."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)


def test_the_example_lists_every_setting_with_its_default() -> None:
    assert EXAMPLE.read_text() == example(), "run `make env-example`"
    for field in Settings.model_fields.values():
        assert field.description


def test_the_example_with_every_line_switched_on_is_the_defaults(tmp_path: Path) -> None:
    lines = [line.removeprefix("#") if "=" in line.split(" ")[0] else line for line in example().splitlines()]
    (tmp_path / ".env").write_text("\n".join(lines))
    assert list(dotenv_values(tmp_path / ".env")) == [variable(field) for field in Settings.model_fields]
    assert load() == Settings(_env_file=None)


def test_a_command_s_option_wins_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("STANDBY_PORT=1\nSTANDBY_POOL_SIZE=5\nSTANDBY_LOG_LEVEL=Debug\n")
    monkeypatch.setenv("STANDBY_PORT", "2")
    monkeypatch.setenv("STANDBY_POOL_SIZE", "6")
    settings = load(port=3)
    assert (settings.port, settings.pool_size, settings.log_level) == (3, 6, "debug")


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert load().database_url is None


def test_everything_wrong_is_said_at_once_and_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "mysql://root:hunter2@host/salon",
        "STANDBY_DEFAULT_COUNTRY": "UK",
        "STANDBY_EMAIL_FROM": "nobody",
        "STANDBY_PORT": "eighty",
        "STANDBY_PROT": "80",
        "STANDBY_SECRET_KEY": "hunter2",
        "STANDBY_SMTP_URL": "hunter2@host",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load()
    message = str(raised.value)
    assert "STANDBY_PROT: there is no such setting; did you mean STANDBY_PORT?" in message
    assert "STANDBY_PORT=eighty: " in message
    assert "STANDBY_DEFAULT_COUNTRY=UK: should be a country's two letters, like NO or GB" in message
    assert "STANDBY_EMAIL_FROM=nobody: " in message
    assert "DATABASE_URL: should be a URL like postgresql://" in message
    assert "STANDBY_SECRET_KEY: should be at least 32 bytes" in message
    assert "STANDBY_SMTP_URL: should be a URL like smtp://" in message
    assert "hunter2" not in message


def test_email_needs_a_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDBY_SMTP_URL", "smtp://mail.example.com")
    with pytest.raises(SettingsError, match="set STANDBY_EMAIL_FROM too"):
        load()
    monkeypatch.setenv("STANDBY_EMAIL_FROM", "Salon Ask <hei@salon-ask.no>")
    assert load().email_from == "Salon Ask <hei@salon-ask.no>"


def test_settings_do_not_change_and_do_not_print_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://standby:hunter2@host/standby")
    monkeypatch.setenv("STANDBY_CRON_KEY", "hunter2-hunter2-hunter2")
    settings = load()
    assert "hunter2" not in repr(settings)
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]  # that is the test


def test_the_public_address_ends_without_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDBY_PUBLIC_URL", "https://book.example.com/")
    assert load().public_url == "https://book.example.com"


def test_links_lead_to_the_port_that_is_listened_on() -> None:
    assert load(port=8123).public_url == "http://127.0.0.1:8123"


def test_a_missing_signing_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    made = load(data_dir=tmp_path / "new").signing_key()
    assert len(made) >= 32
    assert load(data_dir=tmp_path / "new").signing_key() == made
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600


def test_a_signing_key_that_is_set_is_used_and_none_is_made(tmp_path: Path) -> None:
    settings = load(secret_key="s" * 32, data_dir=tmp_path / "new")
    assert settings.signing_key() == "s" * 32
    assert not (tmp_path / "new").exists()


def test_keys_from_before_are_still_good_and_the_new_one_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDBY_SECRET_KEY", "n" * 32)
    monkeypatch.setenv("STANDBY_OLD_SECRET_KEYS", f"{'o' * 32}, {'p' * 32}")
    assert load().verifying_keys() == ["n" * 32, "o" * 32, "p" * 32]
    monkeypatch.setenv("STANDBY_OLD_SECRET_KEYS", "hunter2")
    with pytest.raises(SettingsError, match="at least 32 bytes") as raised:
        load()
    assert "hunter2" not in str(raised.value)
