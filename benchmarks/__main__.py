"""`python -m benchmarks`: figures are JSON on stdout, one line a run; what is going on is told on stderr.

Without a command everything is measured and docs/benchmarks.md written. A command's options are the fields of its
`Options`, and bear the names that they have in the baseline: the same arguments ask both for the same work.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop
from rich.console import Console

from benchmarks import commands, databases, flooder, ours, provider, side_by_side
from benchmarks.figures import machine
from benchmarks.processes import ServerOptions
from benchmarks.stage import Ground

err = Console(stderr=True)


def main(arguments: Sequence[str]) -> int:
    """One command, or one of the roles that a benchmark starts as a process of its own."""
    match arguments:
        case ["_provider", options]:
            uvloop.run(provider.serve(**json.loads(options)))
        case ["_flooder", options]:
            uvloop.run(flooder.flood(**json.loads(options)))
        case ["_server", options]:
            uvloop.run(ours.serve(ServerOptions(**json.loads(options))))
        case _:
            given = _parser().parse_args(arguments)
            with databases.server(given.data_dir) as url:
                if given.command is None:
                    return uvloop.run(_everything(url, given))
                uvloop.run(_one(url, given))
    return 0


async def _one(server_url: str, given: argparse.Namespace) -> None:
    command = commands.COMMANDS[given.command]
    options = command.options_from(given)
    ground = Ground(server_url, keep=given.keep)
    for via in command.ways(given.via):
        load = os.getloadavg()[0]
        with err.status(f"{given.command}{f' ({via})' if via else ''} …"):
            figures = await command.run(ground, via, options)
            facts = await machine(server_url, load)
        line = {"bench": given.command} | ({"via": via} if via else {}) | figures | {"machine": facts}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


async def _everything(server_url: str, given: argparse.Namespace) -> int:
    return await side_by_side.run(
        server_url, err, baseline=given.baseline, runs=given.runs, only=given.only, output=given.output
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    _data_dir(parser)
    parser.add_argument(
        "--baseline", type=Path, help="the folder of the baseline, to be measured side by side"
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each; the medians are told (default: 3)")
    parser.add_argument("--only", default="", help="only the measurements whose name contains this")
    parser.add_argument(
        "--output", type=Path, default=Path("docs/benchmarks.md"), help="the page that is written"
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, command in commands.COMMANDS.items():
        one = subparsers.add_parser(
            name, help=command.about, description=command.about,
            formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        )  # fmt: skip
        command.add_options(one)
        one.add_argument("--keep", action="store_true", help="leave the run's database behind")
    return parser


def _data_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=Path(".bench"),
        help="where the measured PostgreSQL lives; DATABASE_URL names another server (default: .bench)",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
