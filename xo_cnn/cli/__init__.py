"""The command line: parse, call, write. Each command is one module, imported when it is asked for.

Help texts are arguments, not docstrings, which `python -OO` leaves out.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from importlib import import_module
from typing import Any

import click

from xo_cnn import __version__
from xo_cnn.cli.messages import complain
from xo_cnn.cli.process import end_by_signals, prepare
from xo_cnn.errors import XoCnnError
from xo_cnn.words import nearest, printable

# In the order of the pipeline, which is the order of the text.
COMMANDS = (
    "grid",
    "convolve",
    "relu",
    "pool",
    "vote",
    "classify",
    "compare",
    "explain",
    "show",
    "features",
    "draw",
    "train",
    "evaluate",
)


class Pipeline(click.Group):
    """A group that imports a command when it is asked for, and lists them in the order of the pipeline."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            command = import_module(f"xo_cnn.cli.{cmd_name}").command
            assert isinstance(command, click.Command)
            command.name = cmd_name
            return command
        if cmd_name.startswith("-"):
            return None
        if os.path.lexists(cmd_name) or "." in cmd_name:
            hint = f"did you mean: xo-cnn classify {cmd_name}"
        else:
            hint = nearest(cmd_name, list(COMMANDS))
        raise click.UsageError(f"unknown command {printable(cmd_name)}; {hint}")


@click.group(
    help="""Tell an X from an O, and see every number on the way.

    An image becomes a grid of 1 (white) and -1 (black); convolution matches
    features with every patch of it; pooling shrinks the filtered maps; and
    their cells vote for a label.
    """,
    cls=Pipeline,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80, "show_default": True},
    epilog="The stages are filters, to be joined by pipes:\n\n\b\n"
    "  xo-cnn grid --fit 16 letter.png | xo-cnn convolve | xo-cnn pool | xo-cnn vote\n\n"
    "Each reads standard input if no file is named. --format and --output choose\n"
    "the format of the result. The exit status is 0 for success, 1 for bad data or\n"
    "failed input or output, and 2 for wrong usage.\n\n"
    "See xo-cnn COMMAND --help for more.",
    subcommand_metavar="COMMAND [ARGS]...",
)
@click.pass_context
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(2)


def run() -> None:
    """The command `xo-cnn`: `main`, and out of the interpreter by the shortest way."""
    # Modules leave nothing to collect while they are loaded; looking for it takes a tenth of a small verdict.
    gc.set_threshold(100_000)
    if not sys.warnoptions:
        sys.warnoptions.append("ignore")  # for workers, and for what tidies up after them
    end_by_signals()
    try:
        main()
    except SystemExit as ended:
        # All is written and closed, and nothing may wait for a worker; taking the modules apart one by one would take
        # as long as a small verdict.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.flush()
        os._exit(ended.code if isinstance(ended.code, int) else 1)


def main(args: list[str] | None = None) -> None:
    """Run one command line and exit.

    The status is 0 for success, 1 for bad data or failed input or output, 2 for wrong usage. `run` adds 130, 143 and
    129, where SIGINT (Ctrl-C), SIGTERM or SIGHUP ends it.
    """
    blocking = prepare()
    if os.environ.get("_XO_CNN_COMPLETE"):
        cli.main(args, prog_name="xo-cnn")
    words = list(sys.argv[1:] if args is None else args)
    if words[:1] == ["help"]:
        words = [*words[1:2], "--help"]
    if sys.platform == "win32":  # where the shell leaves patterns to the program
        from glob import glob

        words = [
            path for word in words for path in (sorted(glob(word)) if "*" in word or "[" in word else [word]) or [word]
        ]
    try:
        status = _run(words)
    finally:
        if not blocking:
            os.set_blocking(1, False)
    sys.exit(status)


def _run(args: list[str]) -> int:
    result: Any = 0
    try:
        try:
            # Not cli.main(), which turns a closed pipe into status 1 and an interruption into an empty line.
            with cli.make_context("xo-cnn", args) as context:
                result = cli.invoke(context)
        finally:  # while a full disk or a closed pipe can still be reported
            with contextlib.suppress(ValueError, AttributeError):
                sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.UsageError as error:
        named = ["xo-cnn", *(name for name in args[:1] if name in COMMANDS)]
        where = error.ctx.command_path if error.ctx else " ".join(named)
        message = error.format_message().replace("\n\t", " ")
        if len(message) > 400:  # a value of thousands of characters: what is wrong with it is said at the end
            message = f"{message[:80]} ... {message[-80:]}"
        complain(message, f"Try '{where} --help'.")
        return 2
    except (KeyboardInterrupt, click.Abort):
        return 130
    except SystemExit:
        return 0  # Rich leaves so when the reader has seen enough
    except XoCnnError as error:
        complain(str(error))
        return 1
    except BrokenPipeError:
        return result if isinstance(result, int) else 0  # the reader has seen enough
    except MemoryError:
        complain("not enough memory")
        return 1
    except OSError as error:
        # What is read says so itself, with its name; what has none is drawn or printed.
        complain(f"{error.filename or 'standard output'}: {error.strerror or error}")
        return 1
