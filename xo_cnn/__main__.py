"""`python -m xo_cnn` is the command `xo-cnn`."""

import sys


def run() -> None:
    """The command `xo-cnn`; Ctrl-C ends it quietly from the first module that it loads."""
    try:
        from xo_cnn.cli import run as run_command

        run_command()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run()
