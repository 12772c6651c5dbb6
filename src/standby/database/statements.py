"""SQL statements, one file each, named like the function that runs them."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType


def statements_beside(module_file: str) -> Mapping[str, str]:
    """The statements in the folder ``sql`` beside a module: file name without its ending → text."""
    folder = Path(module_file).parent / "sql"
    return MappingProxyType(
        {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))}
    )
