"""`python -m xo_cnn` is the command `xo-cnn`."""

from xo_cnn.cli import run

if __name__ == "__main__":
    run()
