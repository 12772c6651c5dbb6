"""What a released version asks of the database, kept so that a test can tell whether it goes on beside the next.

Its statements, and a call of each of its functions with every argument and column that it has.
"""

import gzip
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "tests" / "migration" / "version_before.json.gz"


FUNCTION = re.compile(r"^CREATE FUNCTION standby\.(\w+)\((.*?)\) RETURNS (TABLE\((.*)\)|.*)$", re.MULTILINE)


def calls(schema: str) -> dict[str, str]:
    """A call of each function of a schema that isn't a trigger's, by name and number of arguments."""
    found = {}
    for name, arguments, result, columns in FUNCTION.findall(schema):
        types = [
            re.sub(r"^\w+ | DEFAULT .*", "", one) for one in _parted(arguments) if not one.startswith("OUT ")
        ]
        given = ", ".join(f"${number}::{kind}" for number, kind in enumerate(types, 1))
        wanted = ", ".join(one.split()[0] for one in _parted(columns)) or "*"
        if result != "trigger":
            found[f"{name} of {len(types)}"] = f"SELECT {wanted} FROM {name}({given})"  # noqa: S608  # nosec B608  # All ours.
    return found


def statements(source: Path) -> dict[str, str]:
    """What a version's processes ask of the database while they run, by file; without what migrates it."""
    found = sorted(source.glob("src/standby/**/sql/*.sql"))
    return {
        str(path.relative_to(source)): path.read_text(encoding="utf-8")
        for path in found
        if path.parent.parent.name != "database"
    }


def keep(source: Path) -> None:
    schema = (source / "src/standby/database/schema.sql").read_text(encoding="utf-8")
    text = json.dumps(statements(source) | calls(schema), indent=0)
    KEPT.write_bytes(gzip.compress(text.encode(), mtime=0))  # The same statements make the same file.


def kept() -> dict[str, str]:
    told: dict[str, str] = json.loads(gzip.decompress(KEPT.read_bytes()))
    return told


def _parted(text: str) -> list[str]:
    """Between the commas; those in numeric(10,2) part nothing."""
    return [one.strip() for one in re.split(r",(?![^(]*\))", text) if one.strip()]


def main() -> None:
    keep(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
    print(f"{len(kept())} statements are kept in {KEPT}")


if __name__ == "__main__":
    main()
