"""The command line `verbatim`: the same words as the API, and exit codes that scripts can use.

Errors are one line on standard error; what goes wrong inside is never shown as a stack trace.
"""

from __future__ import annotations

import sys

import typer
from typer.exceptions import TyperException

from app.bad_input import InvalidRequest
from app.terminal import DONE, FAILED, USAGE, one_line, say
from app.verbs.add import add
from app.verbs.check import check
from app.verbs.cite import cite
from app.verbs.doctor import doctor
from app.verbs.documents import documents
from app.verbs.evaluate import evaluate
from app.verbs.fetch import fetch
from app.verbs.index import index
from app.verbs.ingest import ingest
from app.verbs.search import search
from app.verbs.serve import serve
from corpus.errors import VerbatimError

_EPILOG = (
    "Exit codes: 0 done; 1 an error; 2 wrong usage; 3 done, and the answer is no (nothing found, a file not read)."
)

verbatim = typer.Typer(
    name="verbatim",
    help="Search migration texts by meaning and get their exact words, with a citation that anyone can check.",
    epilog=_EPILOG,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for verb in (serve, ingest, fetch, add, index, search, check, cite, documents, evaluate, doctor):
    verbatim.command()(verb)


@verbatim.callback(invoke_without_command=True)
def _version(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and end."),
) -> None:
    if version:
        from app.terminal import show
        from app.version import VERSION

        show(f"verbatim {VERSION}")
        raise typer.Exit(DONE)
    if context.invoked_subcommand is None:
        say(context.get_help())
        raise typer.Exit(USAGE)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run one command.

    :return: the exit code.
    """
    try:
        code = verbatim(arguments, standalone_mode=False)
    except VerbatimError as error:
        say(f"verbatim: {one_line(error)}")
        return USAGE if isinstance(error, InvalidRequest) else FAILED
    except TyperException as error:
        say(f"verbatim: {' '.join(error.format_message().split())} See `verbatim --help`.")
        return USAGE
    except (typer.Abort, KeyboardInterrupt):
        say("verbatim: stopped")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except Exception as error:
        return _unforeseen(error)
    return int(code or DONE)


def _unforeseen(error: Exception) -> int:
    if isinstance(error, OSError):
        say(f"verbatim: {error.filename or 'The disk'}: {error.strerror or error}.")
        return FAILED
    import logging

    from app.settings import load_settings

    if load_settings().log_level == "debug":
        logging.getLogger("verbatim").error("unforeseen", exc_info=error)
    say(f"verbatim: Something went wrong that was not foreseen ({type(error).__name__}). "
        "Set VERBATIM_LOG_LEVEL=debug to see where, and please report it.")  # fmt: skip
    return FAILED
