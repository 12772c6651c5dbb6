"""What a process says about a failure: where it was, quickly, and nothing of what it was working with."""

import subprocess
import sys

import pytest

PROGRAM = """
import asyncpg
import structlog
from standby.logs import log_to_stderr
from standby.settings import Settings

log_to_stderr(Settings(log_format="{form}"))

def fail(phone):
    token = phone[::-1]
    error = asyncpg.UniqueViolationError("out of order")
    error.detail = f"Key (phone)=({{phone}}) already exists."
    raise error

try:
    fail("+4741234567")
except asyncpg.PostgresError as error:
    structlog.get_logger("standby").error("unexpected_error", route="GET /services", exc_info=error)
    group = ExceptionGroup("both", [error])
    structlog.get_logger("standby").error("unexpected_errors", exc_info=group)
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_failure_is_logged_with_its_place_and_without_the_values_in_it(form: str) -> None:
    program = PROGRAM.format(form=form)
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
    assert "unexpected_error" in said
    assert "out of order" in said
    assert "in fail" in said
    assert "+4741234567" not in said.replace('fail("+4741234567")', "")
    assert "7654321474+" not in said


def test_an_operator_is_named_in_the_log_and_nobody_else() -> None:
    program = """
import structlog
from standby.logs import log_to_stderr
from standby.settings import Settings

log_to_stderr(Settings(log_format="json"))
log = structlog.get_logger("standby")
log.info("queue_retried", operator="ada@example.com", customer="kari@example.com", jobs=[17])
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
    assert '"operator": "ada@example.com"' in said
    assert '"jobs": [17]' in said
    assert "kari" not in said
