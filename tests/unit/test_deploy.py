"""The files for running Standby elsewhere name settings and commands that there are."""

import configparser
import re
from typing import Any

import pytest
import yaml

from standby.settings import Settings, variable
from tests.unit.test_docs import ROOT, problem_of

DEPLOY = ROOT / "docs" / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
KUBERNETES = DEPLOY / "kubernetes" / "standby.yaml"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SETTINGS = {variable(field) for field in Settings.model_fields}


@pytest.mark.parametrize(
    "path", [ROOT / "Dockerfile", COMPOSE, KUBERNETES, *UNITS], ids=lambda path: str(path.name)
)
def test_every_setting_that_is_named_is_one(path: Any) -> None:
    assert set(re.findall(r"\bSTANDBY_[A-Z_]+\b", path.read_text(encoding="utf-8"))) <= SETTINGS


def test_every_command_that_is_run_is_one() -> None:
    composed = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"].values()
    commands = [one["command"] for one in composed if "command" in one]
    for one in yaml.safe_load_all(KUBERNETES.read_text(encoding="utf-8")):
        containers = one.get("spec", {}).get("template", {}).get("spec", {}).get("containers", [])
        commands += [container["args"] for container in containers]
    for path in UNITS:
        unit = configparser.ConfigParser(strict=False)
        unit.read_string(path.read_text(encoding="utf-8"))
        program, *words = unit["Service"]["ExecStart"].split()
        assert program == "/opt/standby/bin/standby"
        commands.append(words)
    assert len(commands) == 8
    assert [problem_of(" ".join(["standby", *words])) for words in commands] == [None] * 8


def test_the_owner_s_login_reaches_the_migration_alone() -> None:
    by_name = {
        one["metadata"]["name"]: one for one in yaml.safe_load_all(KUBERNETES.read_text(encoding="utf-8"))
    }
    for name in ("standby-web", "standby-work"):
        assert "standby-migrate" not in str(by_name[name]["spec"])
    assert "standby-migrate" in str(by_name["standby-migrate"]["spec"]["template"])


def test_with_compose_the_superuser_s_password_reaches_the_database_and_the_migration_alone() -> None:
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    knowing = {name for name, one in services.items() if "${POSTGRES_PASSWORD" in str(one["environment"])}
    assert knowing == {"database", "migrate"}
    for name in ("web", "worker"):
        assert services[name]["environment"]["DATABASE_URL"].startswith("postgresql://standby_login:")
        assert services[name]["env_file"] == [".env"]
        # What stands under `environment` goes before the file.
        assert services[name]["environment"]["POSTGRES_PASSWORD"] == ""


def test_the_login_that_compose_makes_is_the_one_that_the_readme_describes() -> None:
    made = (DEPLOY / "login.sql").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    described = re.findall(r"^ +((?:CREATE ROLE|GRANT) .+;)$", readme, re.MULTILINE)
    assert len(described) == 2
    assert [one for one in described if one.replace("'…'", ":'password'") not in made] == []
    volumes = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]["database"]["volumes"]
    assert "./login.sql:/docker-entrypoint-initdb.d/login.sql:ro" in volumes


def test_a_setting_that_env_leaves_empty_is_as_if_it_were_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STANDBY_SMTP_URL", "STANDBY_EMAIL_FROM"):
        monkeypatch.setenv(name, "")
    assert Settings().smtp_url is None
