"""`xo-cnn draw`: a label in, a drawn sample of it out."""

from __future__ import annotations

from typing import Any, Literal

import click

from xo_cnn.cli.options import Option, output_options
from xo_cnn.cli.results import Output


def _amount(name: str, low: float, high: float, text: str) -> Option:
    """The option for an amount: a number, or two with a colon between them, a range from which the seed picks."""

    def convert(given: str) -> float | tuple[float, float]:
        try:
            ends = [float(end) for end in given.split(":")]
        except ValueError:
            ends = []
        if len(ends) not in (1, 2) or not all(low <= end <= high for end in ends):
            raise click.BadParameter(
                f"{given[:40]!r} is neither a number from {low:g} to {high:g} nor a range LOW:HIGH"
            )
        return ends[0] if len(ends) == 1 else (ends[0], ends[1])

    return click.option(f"--{name}", type=convert, default="0", show_default=False, metavar="A|LOW:HIGH", help=text)


@click.command(
    help="""Draw an X or an O from a seed: shifted, shrunk, rotated or deformed.

    Amounts are numbers, or ranges such as 0:0.3 from which each sample's seed picks.
    """,
    short_help="Draw an X or an O from a seed.",
    epilog="\b\nExamples:\n"
    "  xo-cnn draw X --rotate 30 --shrink 0.5 --shift 0.1 --output x.png\n"
    "  xo-cnn draw O --style pen --deform 0:0.3 --rotate 0:360 \\\n"
    "    --count 500 --output samples/O/\n"
    "  xo-cnn draw X --style type --seed 7 | xo-cnn classify",
)
@click.argument("label", type=click.Choice(["X", "O"], case_sensitive=False), metavar="X|O")
@click.option(
    "--style",
    type=click.Choice(["plain", "pen", "type"]),
    default="plain",
    help="Straight strokes and a ring; handwriting; or a typeface's shapes.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="N",
    default=0,
    help="The same seed draws the same picture.",
)
@click.option(
    "--count",
    type=click.IntRange(1),
    metavar="N",
    default=1,
    help="Number of samples, with seeds SEED, SEED+1, ...",
)
@click.option(
    "--size",
    type=click.IntRange(8, 4096),
    metavar="N",
    default=64,
    help="Width and height in pixels.",
)
@_amount("shift", 0, 1, "Move the letter by this share of its side, in a random direction; --shrink makes room.")
@_amount("shrink", 0, 0.95, "Shrink it by this share: 0.75 leaves a quarter of its side.")
@_amount("rotate", -360, 360, "Rotate it clockwise by this angle in degrees.")
@_amount("deform", 0, 1, "Bend it: points move by up to this share of half its side.")
@_amount("noise", 0, 1, "Add noise of up to this share of the grey levels.")
@click.option("--ink", type=click.Choice(["white", "black"]), default="black", help="Ink colour.")
@output_options(pixels=False)
def command(label: Literal["X", "O"], count: int, seed: int, output: Output, **how: Any) -> None:
    from xo_cnn.grid import Map, to_cells
    from xo_cnn.letters.samples import draw

    width = len(str(seed + count - 1))

    def drawn(number: int) -> Map:
        name = label if count == 1 else f"{label}-{number:0{width}}"
        return Map(name, to_cells(draw(label, seed=number, **how)))

    if output.one_file_each:
        for number in range(seed, seed + count):  # one after the other, so that only one is in memory
            output.put_maps([drawn(number)], figure="grey")
    else:
        output.put_maps([drawn(number) for number in range(seed, seed + count)], figure="grey")
