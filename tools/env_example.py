"""Writes .env.example from the settings, so that the two can't differ."""

import textwrap
from pathlib import Path

from standby.settings import Settings, variable

EXAMPLE = Path(__file__).parents[1] / ".env.example"


def example() -> str:
    """Every setting with its description, as a comment that shows the default."""
    head = "# Copy to .env and take away the # of what you set. Environment variables win over this file.\n"
    return head + "".join(_entry(name) for name in Settings.model_fields)


def _entry(name: str) -> str:
    field = Settings.model_fields[name]
    description = textwrap.fill(field.description or "", 100, initial_indent="# ", subsequent_indent="# ")
    default = "" if field.default_factory or field.default is None else field.default
    return f"\n{description}\n#{variable(name)}={default}\n"


if __name__ == "__main__":
    EXAMPLE.write_text(example())
