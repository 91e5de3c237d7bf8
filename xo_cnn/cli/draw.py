"""`xo-cnn draw`: a label in, a drawn sample of it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import click
from click.core import ParameterSource

from xo_cnn.cli.options import Command, OutputOptions, output_options
from xo_cnn.cli.results import write_maps, writes_a_file_each


class AmountType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A number, or two with a colon between them: a range from which the seed picks."""

    name = "A|LOW:HIGH"

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | tuple[float, float]:
        if not isinstance(value, str):
            return float(value)
        try:
            ends = [float(end) for end in value.split(":")]
        except ValueError:
            ends = []
        if len(ends) not in (1, 2) or not all(self.low <= end <= self.high for end in ends):
            self.fail(
                f"{value!r} is neither a number from {self.low:g} to {self.high:g} nor a range LOW:HIGH", param, ctx
            )
        return ends[0] if len(ends) == 1 else (ends[0], ends[1])


def _amount(name: str, low: float, high: float, text: str, default: float | None = 0.0) -> Callable[[Command], Command]:
    return click.option(f"--{name}", type=AmountType(low, high), default=default, help=text)


@click.command(
    epilog="\b\nExamples:\n"
    "  xo-cnn draw X --rotate 30 --shrink 0.5 --shift 0.1 --output x.png\n"
    "  xo-cnn draw O --style pen --deform 0:0.3 --rotate 0:360 \\\n"
    "    --count 500 --output samples/O/\n"
    "  xo-cnn draw X --style type --serifs --seed 7 | xo-cnn classify"
)
@click.argument("label", type=click.Choice(["X", "O"], case_sensitive=False), metavar="X|O")
@click.option(
    "--style",
    type=click.Choice(["plain", "pen", "type", "wild"]),
    default="plain",
    show_default=True,
    help="Straight strokes and a ring; a hand's strokes; a typeface's shapes; or all of them in all conditions, "
    "which is what train draws.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed, the same picture.")
@click.option(
    "--count", type=click.IntRange(1), default=1, show_default=True, help="Draw so many, of seeds from SEED on."
)
@click.option("--size", type=click.IntRange(8, 4096), default=64, show_default=True, help="Pixels a side.")
@_amount("shift", 0, 1, "Move the letter by this share of its side, wherever the seed says; --shrink gives it room.")
@_amount("shrink", 0, 0.95, "Shrink it by this share: 0.75 leaves a quarter of its side.")
@_amount("rotate", -360, 360, "Turn it clockwise by so many degrees.")
@_amount("deform", 0, 1, "Bend it: places move by up to this share of half its side.")
@_amount("noise", 0, 1, "Add noise of up to this share of the levels of light.")
@_amount("thickness", 0.01, 0.5, "The width of a stroke, a share of the side; by default 0.12.", None)
@_amount("slant", -45, 45, "Let it lean to the right by so many degrees.")
@click.option("--serifs", is_flag=True, help="Give an X serifs.")
@_amount("gap", -0.5, 0.5, "Leave this share of an O's round open; below 0 its ends overlap.")
@_amount("crossing", 0, 0.5, "Let an X's strokes cross so far off its middle, a share of the side.")
@_amount("curve", 0, 0.5, "Bend an X's arms by this share of the side.")
@click.option(
    "--ink", type=click.Choice(["white", "black"]), default="black", show_default=True, help="Which side is the ink."
)
@output_options()
def command(
    label: Literal["X", "O"],
    count: int,
    seed: int,
    output_options: OutputOptions,
    **how: Any,
) -> None:
    """Draw an X or an O from a seed: shifted, shrunken, rotated, deformed as asked.

    Amounts are numbers, or ranges such as 0:0.3 from which each sample's seed picks.
    """
    from xo_cnn.grid import Map
    from xo_cnn.letters.samples import draw

    if how["style"] == "wild":
        ctx = click.get_current_context()
        given = [name for name in how if ctx.get_parameter_source(name) == ParameterSource.COMMANDLINE]
        extra = next((name for name in given if name not in ("style", "size")), None)
        if extra is not None:
            raise click.UsageError(f"--style wild picks everything from the seed; leave --{extra} out")
    width = len(str(seed + count - 1))

    def sample(number: int) -> Map:
        name = label if count == 1 else f"{label}-{number:0{width}}"
        return Map(name, cells(draw(label, seed=number, **how)))

    if writes_a_file_each(output_options):
        for number in range(seed, seed + count):  # one after the other, so that only one is in memory
            write_maps([sample(number)], output_options, [])
    else:
        write_maps([sample(number) for number in range(seed, seed + count)], output_options, [])


def cells(levels: Any) -> Any:
    """Levels of light as cells from -1 (black) to 1 (white)."""
    import numpy as np

    return (levels / np.float32(127.5) - np.float32(1)).astype(np.float32)
