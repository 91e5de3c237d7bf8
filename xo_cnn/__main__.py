"""`python -m xo_cnn` is the command `xo-cnn`."""

from xo_cnn.cli import main

if __name__ == "__main__":
    main()
