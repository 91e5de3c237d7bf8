"""`xo-cnn evaluate`: labelled images in, how often the verdict is right out."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import click

from xo_cnn.cli.messages import complain
from xo_cnn.cli.options import OutputOptions, fitting_options, network_option
from xo_cnn.cli.progress import progress
from xo_cnn.cli.results import form_for, refuse_over_input, write_text
from xo_cnn.cli.verdicts import text_line
from xo_cnn.errors import XoCnnError
from xo_cnn.words import printable

if TYPE_CHECKING:
    from xo_cnn.grid import Array
    from xo_cnn.learning.evaluation import Score


@click.command(
    epilog="\b\nExamples:\n"
    "  xo-cnn draw X --style wild --count 50 --output samples/X/\n"
    "  xo-cnn draw O --style wild --count 50 --output samples/O/\n"
    "  xo-cnn evaluate samples --output mistakes.png"
)
@click.argument("folder", type=click.Path())
@network_option("The network to evaluate.")
@fitting_options
@click.option("-f", "--format", "form", type=click.Choice(["pretty", "text", "json"]), help="How to write the result.")
@click.option(
    "-o",
    "--output",
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="Save the result to FILE (.txt .json), or draw a sheet of the mistakes (.png): "
    "each image beside the grid that it was fitted to.",
)
def command(
    folder: str,
    network: str,
    ink: Literal["white", "black", "auto"],
    threshold: Literal["auto"] | int,
    max_pixels: int,
    form: str | None,
    output: str | None,
) -> int:
    """Classify the images FOLDER/LABEL/* and say how often the verdict is their label.

    Beside the network stands naive matching, the way that fails: comparing cell by cell with a saved X and a saved O,
    once with the fitted grids and once with whole pictures as they are. The mistakes follow with their votes. A file
    that is no image is reported, the others go on, and the status is then 1.
    """
    from xo_cnn.grid import Map
    from xo_cnn.images.reading import fit_image, read_image, to_levels
    from xo_cnn.learning.evaluation import Score, labelled_files, match_naively, whole_grid
    from xo_cnn.network import Network

    loaded = Network.load(network)
    files = labelled_files(folder)
    refuse_over_input(output, [*loaded.files, *(path for _, path in files)])
    draw_sheet = output is not None and output.lower().endswith(".png")
    options = OutputOptions(form, None if draw_sheet else output)
    wanted = form_for(options, ("pretty", "text", "json"))
    unknown = next((label for label, _ in files if label not in loaded.labels), None)
    if unknown is not None:
        raise XoCnnError(
            f"{folder}: has the label {unknown}, the network {loaded.name} knows {', '.join(loaded.labels)}; "
            "name another folder, or another network with --network"
        )
    naive = set(loaded.labels) == {"X", "O"} and loaded.side >= 5
    paths, answers, verdicts, fitted, whole, shown = [], [], [], [], [], []
    with progress("classifying", len(files)) as step:
        for done, (label, path) in enumerate(files, start=1):
            step(done, len(files))
            try:
                with path.open("rb") as stream:
                    picture = read_image(stream, str(path), max_pixels)
                found = fit_image(picture, loaded.side, ink=ink, threshold=threshold)
            except (XoCnnError, OSError) as error:
                complain(str(error) if str(path) in str(error) else f"{path}: {error}")
                continue
            verdict = loaded.classify(found.grid)
            paths.append(str(path))
            answers.append(label)
            verdicts.append(verdict)
            levels = to_levels(picture.values) if isinstance(picture, Map) else picture
            if naive:
                fitted.append(match_naively(found.grid))
                whole.append(match_naively(whole_grid(levels, loaded.side, found.ink)))
            if draw_sheet and verdict != label:
                shown += [levels, to_levels(found.grid)]
    scores = [Score(f"network {loaded.name}", loaded.labels, answers, verdicts)]
    if naive:
        scores.append(Score("naive matching, fitted", loaded.labels, answers, fitted))
        scores.append(Score("naive matching, whole pictures", loaded.labels, answers, whole))
    missing = len(files) - len(paths)
    lines = [_json(scores, paths, missing)] if wanted == "json" else _report(scores, paths, missing)
    write_text(options, lines)
    if draw_sheet and output is not None:
        _save_sheet(shown, output)
    return 1 if missing else 0


def _report(scores: Sequence[Score], paths: Sequence[str], missing: int) -> list[str]:
    """The figures of every method, what the network takes for what, and its mistakes."""
    network = scores[0]
    width = max(len(score.method) for score in scores)
    lines = [f"{'':{width}}  right     of  accuracy"]
    lines += [
        f"{score.method:{width}}  {score.right:5}  {len(paths):5}  {100 * score.accuracy:6.2f} %" for score in scores
    ]
    if missing:
        lines.append(f"{missing} without a verdict")
    names = [printable(label) for label in network.labels]
    wide = max(6, *(len(name) for name in names))
    lines += ["", "what the network takes for what (a row for each answer, a column for each verdict)"]
    lines.append(" ".join([" " * wide, *(f"{name:>{wide}}" for name in names)]))
    for label, name in zip(network.labels, names, strict=True):
        counts = network.confusion[label]
        lines.append(" ".join([f"{name:<{wide}}", *(f"{counts[other]:>{wide}}" for other in network.labels)]))
    lines += ["", "mistakes of the network" if network.mistakes else "no mistakes of the network"]
    lines += [text_line(network.verdicts[place], paths[place], votes=True) for place in network.mistakes]
    return lines


def _json(scores: Sequence[Score], paths: Sequence[str], missing: int) -> str:
    """The same as one object, with the mistakes of every method."""
    methods = [
        {
            "method": score.method,
            "right": score.right,
            "accuracy": score.accuracy,
            "confusion": score.confusion,
            "mistakes": [
                {
                    "path": paths[place],
                    "answer": score.answers[place],
                    "label": str(score.verdicts[place]),
                    "votes": score.verdicts[place].votes,
                }
                for place in score.mistakes
            ],
        }
        for score in scores
    ]
    return json.dumps({"images": len(paths), "without_verdict": missing, "methods": methods})


def _save_sheet(pictures: Sequence[Array], output: str) -> None:
    """A picture of all mistakes; where there are none there is nothing to draw."""
    if not pictures:
        click.echo(f"no mistakes, so {os.fspath(output)} is not drawn", err=True)
        return
    from PIL import Image

    from xo_cnn.formats.saving import save
    from xo_cnn.learning.evaluation import sheet

    drawn = Image.fromarray(sheet(pictures))
    save(output, lambda stream: drawn.save(stream, "PNG"))
