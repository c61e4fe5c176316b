"""The command line. Heavy imports wait until a command needs them: `--help` and `schema` answer at once."""

from __future__ import annotations

import argparse
import glob
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import available_timezones

if TYPE_CHECKING:
    from flows.settings import Settings
    from flows.storage import Location

DONE, REJECTED, WRONG, UNUSABLE, INTERRUPTED = 0, 1, 1, 2, 130


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write YYYY-MM-DD") from None


def _place(text: str) -> Location:
    from flows.errors import UsageError
    from flows.storage import table_location

    try:
        return table_location(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes; give 1 to 1024")
    return int(text)


def _timezone(text: str) -> str:
    if text not in available_timezones():
        raise argparse.ArgumentTypeError(f"{text!r} is not a time zone; write one such as Asia/Shanghai or UTC")
    return text


def _environment(name: str) -> str | None:
    return os.environ.get(f"QINGWEN_{name}") or None


def _version() -> str:
    try:
        return version("qingwen")
    except PackageNotFoundError:
        return "(not installed)"


def parser() -> argparse.ArgumentParser:
    """All commands and options. Options with a QINGWEN_ variable take it as their default."""
    top = argparse.ArgumentParser(prog="qingwen", description="Raw Chinese business articles in, tables an analyst can trust out.")
    top.add_argument("--version", action="version", version=f"qingwen {_version()}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    reading = argparse.ArgumentParser(add_help=False)
    group = reading.add_argument_group("reading")
    group.add_argument(
        "--base",
        type=Path,
        metavar="DIR",
        help="folder that source_uri is relative to; by default the one this dataset was first built with, else the current one",
    )
    group.add_argument(
        "--reference",
        type=Path,
        action="append",
        metavar="DIR",
        help="folder of CSV files that extend or replace reference data; may be given again (QINGWEN_REFERENCE)",
    )
    group.add_argument("--reference-date", type=_date, metavar="YYYY-MM-DD", help="date that 今年 or 上月 count from, for every article")
    group.add_argument(
        "--ner", choices=("rules", "crf"), default="rules", help="what finds names that the reference data lacks (%(default)s)"
    )
    group.add_argument("--ner-model", type=Path, metavar="PATH", help="model for --ner crf; by default ner.crfsuite in QINGWEN_HOME")
    for name in ("text", "title", "url", "published", "publisher", "author"):
        group.add_argument(f"--{name}-column", metavar="NAME", help=f"column of .jsonl, .csv and .parquet that holds the {name}")

    running = argparse.ArgumentParser(add_help=False)
    running.add_argument("paths", nargs="+", metavar="PATH", help="file, folder or glob of articles, here or as s3://, gs:// or az://")
    group = running.add_argument_group("running")
    _add_tables(group)
    group.add_argument(
        "--workers",
        type=_workers,
        default=_environment("WORKERS") or 0,
        metavar="N",
        help="processes, one a CPU by default (QINGWEN_WORKERS)",
    )
    group.add_argument("--strict", action="store_true", help="exit status 1 where inputs were rejected")
    group.add_argument(
        "--prune",
        action="store_true",
        help="remove articles whose file lay under the PATHs and is gone; quote a glob, so that it reaches us as one",
    )
    group.add_argument(
        "--keep-old", action="store_true", help="with new code or reference data, process only articles whose content is new or changed"
    )

    commands.add_parser("build", parents=[running, reading], help="build the tables of articles")
    serve = commands.add_parser("serve", parents=[running, reading], help="build the tables on a schedule, until interrupted")
    serve.add_argument("--cron", required=True, metavar="CRON", help="when to build, such as '0 3 * * *' for every night at three")
    serve.add_argument(
        "--timezone", type=_timezone, default="UTC", metavar="ZONE", help="time zone of --cron, such as Asia/Shanghai (%(default)s)"
    )
    show = commands.add_parser("show", parents=[reading], help="show one article in the terminal")
    show.add_argument("article", metavar="ARTICLE", help="article_id, the end of a source_uri, or a file to transform on the fly")
    _add_tables(show)
    train = commands.add_parser("train-ner", help="train the model of --ner crf on labelled text")
    train.add_argument("labelled", type=Path, metavar="FILE", help='JSONL, a line {"text", "entities": [{"start", "end", "type"}]}')
    train.add_argument("--model", type=Path, metavar="PATH", help="where to write it; by default ner.crfsuite in QINGWEN_HOME")
    explain = commands.add_parser("explain", parents=[reading], help="print each repair of a file with its evidence")
    explain.add_argument("article", metavar="FILE")
    _add_tables(explain)
    mine = commands.add_parser("mine", parents=[reading], help="list spellings and names that the reference data does not know")
    _add_tables(mine)
    accept = commands.add_parser("accept", help="enter a spelling into a reference overlay")
    accept.add_argument("spelling", metavar="SPELLING")
    accept.add_argument("meaning", metavar="MEANING", help="id or name of an entity; with --calque the right term")
    accept.add_argument("--into", type=Path, required=True, metavar="DIR", help="overlay folder, for --reference")
    accept.add_argument("--calque", action="store_true", help="the spelling is a wrong term, not a name")
    accept.add_argument("--type", help="type of a new entity")
    for name, says in (
        ("check", "verify every promise of a dataset: schemas, keys, references, offsets, audit log, marts, checksums"),
        ("migrate", "bring a dataset of an older Qingwen to the tables of this one"),
    ):
        _add_tables(commands.add_parser(name, help=says), "tables", nargs="?")
    export = commands.add_parser("export", help="write tables as CSV that spreadsheets open safely")
    export.add_argument("table", nargs="?", metavar="TABLE", help="one table; all of them by default")
    export.add_argument("--to", type=Path, required=True, metavar="PATH", help="CSV file of the table; folder for all of them")
    _add_tables(export)
    schema = commands.add_parser("schema", help="print the data dictionary")
    schema.add_argument("table", nargs="?", metavar="TABLE")
    return top


def _add_tables(group: argparse._ActionsContainer, name: str = "--tables", **more: str) -> None:
    default = _environment("TABLES") or "data/tables"
    help_ = "folder of the tables, here or as s3://, gs:// or az:// (QINGWEN_TABLES; %(default)s)"
    group.add_argument(name, type=_place, default=default, metavar="DIR", help=help_, **more)  # type: ignore[arg-type]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns its exit status: 0 done; 1 inputs rejected (--strict), or a dataset that is wrong (check); 2 nothing usable
    or bad arguments; 130 interrupted."""
    arguments = parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        commands = {
            "build": _build,
            "serve": _serve,
            "show": _show,
            "explain": _explain,
            "mine": _mine,
            "accept": _accept,
            "check": _check,
            "migrate": _migrate,
            "export": _export,
            "train-ner": _train_ner,
            "schema": _schema,
        }
        return commands[arguments.command](arguments)
    except KeyboardInterrupt:
        return _fail("interrupted; the tables are as the last finished run left them", INTERRUPTED)
    except BrokenPipeError:
        # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        from flows.settings import UsageError
        from transforms.reference import ReferenceDataError

        if isinstance(error, UsageError | ReferenceDataError):
            return _fail(str(error), UNUSABLE)
        if isinstance(error, OSError):
            place = error.filename or "input or output"
            return _fail(f"{place}: {error.strerror or error}; check the path, its permissions and the room on its disk", UNUSABLE)
        if _environment("DEBUG"):
            raise
        return _fail(f"internal error: {type(error).__name__}: {error} (QINGWEN_DEBUG=1 tells where)", UNUSABLE)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _fail(message: str, status: int) -> int:
    from flows.report import visible

    print(f"qingwen: {visible(message, lines=True)}", file=sys.stderr)
    return status


def _settings(arguments: argparse.Namespace, paths: Sequence[str]) -> Settings:
    from flows.settings import Settings, UsageError, default_ner_model, remembered_base
    from flows.sources import ReadOptions
    from flows.storage import is_uri, location

    if arguments.ner_model and arguments.ner != "crf":
        raise UsageError(f"--ner-model {arguments.ner_model}: it takes --ner crf as well")

    known = {field.name for field in fields(ReadOptions)}
    options = {name: value for name, value in vars(arguments).items() if name in known and value is not None}
    overlays = arguments.reference or [Path(part) for part in (_environment("REFERENCE") or "").split(os.pathsep) if part]
    known_base = remembered_base(arguments.tables)
    base = (arguments.base or known_base or Path()).absolute()
    if not base.is_dir():
        raise UsageError(f"--base {base}: no such folder")
    if known_base and base != known_base:
        raise UsageError(
            f"{arguments.tables}: built with --base {known_base}; with {base} every article would be new a second time. "
            f"Leave --base out, or build into another folder"
        )
    # absolute, because a scheduled run starts in a folder of its own
    return Settings(
        paths=tuple(str(location(path)) if is_uri(path) else os.path.abspath(path) for path in paths),
        tables=arguments.tables,
        base=base,
        reference=tuple(folder.absolute() for folder in overlays),
        reference_date=arguments.reference_date,
        workers=getattr(arguments, "workers", 0),
        strict=getattr(arguments, "strict", False),
        prune=getattr(arguments, "prune", False),
        keep_old=getattr(arguments, "keep_old", False),
        read=ReadOptions(**options),
        ner_model=(arguments.ner_model or default_ner_model()).absolute() if arguments.ner == "crf" else None,
    )


def _build(arguments: argparse.Namespace) -> int:
    from flows import ner, report
    from flows.serve import prefect_server
    from flows.settings import home, nothing_usable
    from flows.sources import discover
    from flows.storage import is_uri
    from transforms import reference

    settings = _settings(arguments, arguments.paths)
    # what can be seen to be wrong is said before the orchestrator takes its seconds to start
    reference.load(settings.reference)
    ner.load(settings.ner_model)
    if not any(is_uri(path) or glob.has_magic(path) or os.path.lexists(path) for path in settings.paths):
        raise nothing_usable(settings.paths, discover(settings.paths, base=settings.base)[1])
    with prefect_server(home()):
        from flows.build import RejectedInputs, build

        try:
            report.print_summary(build(settings))
        except RejectedInputs as error:
            report.print_summary(error.summary)
            return REJECTED
    return DONE


def _serve(arguments: argparse.Namespace) -> int:
    from flows.serve import serve
    from flows.settings import home

    serve(_settings(arguments, arguments.paths), arguments.cron, arguments.timezone, home())
    return DONE


def _show(arguments: argparse.Namespace) -> int:
    from flows import show
    from flows.report import output
    from flows.settings import UsageError
    from flows.storage import is_uri

    rows = show.from_tables(arguments.article, arguments.tables)
    if rows is not None:
        show.print_article(rows, output)
    elif is_uri(arguments.article) or Path(arguments.article).exists():
        for rows in show.from_file(_settings(arguments, [arguments.article])):
            show.print_article(rows, output)
    else:
        raise UsageError(f"{arguments.article}: neither an article of {arguments.tables} nor a file; `qingwen build` makes tables")
    return DONE


def _train_ner(arguments: argparse.Namespace) -> int:
    from flows import ner
    from flows.settings import default_ner_model

    model = arguments.model or default_ner_model()
    print(f"{ner.train(arguments.labelled, model)} texts make {model}; use it with --ner crf")
    return DONE


def _explain(arguments: argparse.Namespace) -> int:
    from flows.explain import explain
    from flows.report import output

    explain(_settings(arguments, [arguments.article]), output)
    return DONE


def _mine(arguments: argparse.Namespace) -> int:
    from flows.mine import mine
    from flows.report import output
    from transforms import reference

    mine(arguments.tables, reference.load(_settings(arguments, []).reference), output)
    return DONE


def _accept(arguments: argparse.Namespace) -> int:
    from flows.mine import accept

    print(accept(arguments.spelling, arguments.meaning, arguments.into, calque=arguments.calque, kind=arguments.type))
    return DONE


def _check(arguments: argparse.Namespace) -> int:
    from flows.check import check
    from flows.report import output, visible
    from flows.warehouse import Warehouse

    wrong = 0
    for finding in check(Warehouse(arguments.tables)):
        output.print(visible(str(finding)), markup=False)
        wrong += 1
    if wrong:
        return _fail(f"{arguments.tables}: {wrong} findings", WRONG)
    output.print(f"{arguments.tables}: all checks passed", markup=False)
    return DONE


def _migrate(arguments: argparse.Namespace) -> int:
    from flows.migrate import migrate
    from flows.warehouse import Warehouse

    before, after = migrate(Warehouse(arguments.tables))
    print(f"{arguments.tables}: schema version {after}, " + ("as before" if before == after else f"was {before}"))
    return DONE


def _export(arguments: argparse.Namespace) -> int:
    from flows.export import export
    from flows.warehouse import Warehouse
    from transforms.tables import BY_NAME

    _must_exist(arguments.table)
    targets = {arguments.table: arguments.to} if arguments.table else {name: arguments.to / f"{name}.csv" for name in BY_NAME}
    for name, target in targets.items():
        print(f"{target}: {export(Warehouse(arguments.tables), name, target):,} rows")
    return DONE


def _must_exist(table: str | None) -> None:
    from flows.errors import UsageError
    from transforms.tables import BY_NAME

    if table and table not in BY_NAME:
        raise UsageError(f"{table}: no such table; there are {', '.join(BY_NAME)}")


def _schema(arguments: argparse.Namespace) -> int:
    from transforms.tables import BY_NAME, TABLES, dictionary_markdown

    _must_exist(arguments.table)
    print(dictionary_markdown((BY_NAME[arguments.table],) if arguments.table else TABLES))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
