"""What a process says about a failure: where it was, quickly, and nothing of what it was working with."""

import subprocess
import sys

import pytest

PROGRAM = """
import structlog
from standby.logs import log_to_stderr
from standby.settings import Settings

log_to_stderr(Settings(log_format="{form}"))

def fail(phone):
    token = phone[::-1]
    raise RuntimeError("out of order")

try:
    fail("+4741234567")
except RuntimeError as error:
    structlog.get_logger("standby").error("unexpected_error", path="/api/services", exc_info=error)
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
