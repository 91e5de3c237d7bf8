"""`xo-cnn evaluate`: labelled images in, accuracy and mistakes out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import click

from xo_cnn.cli.inputs import do_labelled, pass_over
from xo_cnn.cli.messages import complain, note
from xo_cnn.cli.options import INPUT, fitting_options, format_option, jobs_option, network_option
from xo_cnn.cli.results import REPORT, Style, choose_output, entry
from xo_cnn.errors import XoCnnError
from xo_cnn.words import json_text, printable

if TYPE_CHECKING:
    from xo_cnn.images.reader import Reader
    from xo_cnn.learning.evaluation import Score


@click.command(
    help="""Classify the images FOLDER/LABEL/* and print how often the verdict is their label.

    Naive matching is measured beside the network: comparing cell by cell with the saved grid of each label, once with
    the fitted grids and once with whole pictures. The network's mistakes follow with their votes and how each image was
    read. A file that is not an image is reported, the others are still classified, and the status is then 1.
    """,
    short_help="Measure accuracy on labelled images.",
    epilog="\b\nExamples:\n"
    "  xo-cnn draw X --style pen --deform 0:0.5 --count 50 --output samples/X/\n"
    "  xo-cnn draw O --style pen --deform 0:0.5 --count 50 --output samples/O/\n"
    "  xo-cnn evaluate samples --output mistakes.png",
)
@click.argument("folder", type=click.Path())
@network_option(help="The network to evaluate.")
@jobs_option
@fitting_options
@format_option(REPORT)
@click.option(
    "-o",
    "--output",
    type=INPUT,
    metavar="FILE",
    help="Save to FILE (.txt, .json); with .png, save a sheet of the mistakes: each image, its grid, and that of the "
    "second best reading.",
)
def command(folder: str, network: str, jobs: int | None, form: str | None, output: str | None, reader: Reader) -> int:
    from xo_cnn.learning.evaluation import labelled_files, measure, scores
    from xo_cnn.network import Network

    loaded = Network.load(network)
    files = labelled_files(folder, pass_over)
    sheet = output is not None and output.lower().endswith(".png")
    target = choose_output(REPORT, None, form, None if sheet else output)
    target._replace(path=output).refuse_over([*loaded.files, *(path for _, path in files)])
    unknown = next((label for label, _ in files if label not in loaded.labels), None)
    if unknown is not None:
        raise XoCnnError(
            f"has the label {unknown}, but the network {loaded.name} has {', '.join(loaded.labels)}; "
            "name another folder, or another network with --network",
            folder,
        )
    found = []
    for label, path, outcome in do_labelled(files, partial(measure, network=loaded, reader=reader), jobs):
        if isinstance(outcome, XoCnnError):
            complain(str(outcome))
        else:
            found.append((label, path, outcome))
    paths = [path for _, path, _ in found]
    scored = scores(loaded, [label for label, _, _ in found], [measured for _, _, measured in found])
    missing = len(files) - len(paths)
    readings = [measured.reading for _, _, measured in found]
    if sheet:  # first, since the report's reader may close the pipe
        _save_sheet([paths[place] for place in scored[0].mistakes], reader, loaded.side, str(output))
    as_json = target.form == "json"
    with suppress(BrokenPipeError):  # images without a verdict are told even to a reader that has seen enough
        target.put_lines(
            [_json(scored, paths, readings, missing)] if as_json else _report(scored, paths, readings, missing)
        )
    return 1 if missing else 0


def _report(scores: Sequence[Score], paths: Sequence[str], readings: Sequence[str], missing: int) -> list[str]:
    """The figures of every method, and the confusion and the mistakes of the network."""
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
    lines += ["", "confusion of the network (one row per answer, one column per verdict)"]
    lines.append(" ".join([" " * wide, *(f"{name:>{wide}}" for name in names)]))
    for label, name in zip(network.labels, names, strict=True):
        counts = network.confusion[label]
        lines.append(" ".join([f"{name:<{wide}}", *(f"{counts[other]:>{wide}}" for other in network.labels)]))
    lines += ["", "mistakes of the network" if network.mistakes else "no mistakes of the network"]
    style = Style("text", votes=True, with_path=True, labels=network.labels)
    for place in network.mistakes:
        lines += [f"{line}\t{readings[place]}" for line in style.lines(paths[place], network.verdicts[place])]
    return lines


def _json(scores: Sequence[Score], paths: Sequence[str], readings: Sequence[str], missing: int) -> str:
    """The same as one object, with the mistakes of every method."""
    methods = [
        {
            "method": score.method,
            "right": score.right,
            "accuracy": score.accuracy,
            "confusion": score.confusion,
            "mistakes": [
                {
                    **entry(paths[place], score.verdicts[place]),
                    "answer": score.answers[place],
                    "reading": readings[place],
                }
                for place in score.mistakes
            ],
        }
        for score in scores
    ]
    return json_text({"images": len(paths), "without_verdict": missing, "methods": methods})


def _save_sheet(paths: Sequence[str], reader: Reader, side: int, target: str) -> None:
    """Save a picture of all mistakes: each image, its grid, and the grid of the runner-up (grey if there is none)."""
    if not paths:
        note(f"no mistakes, so {printable(target)} is not written")
        return
    import numpy as np
    from PIL import Image

    from xo_cnn.formats.saving import write_file
    from xo_cnn.grid import to_levels
    from xo_cnn.learning.evaluation import sheet, thumbnail

    shown = []
    for path in paths:
        picture = reader.read(path)
        fitted = reader.fitted(picture, side, path)
        other = fitted.runner_up.grid if fitted.runner_up is not None else np.zeros((side, side))
        shown += [thumbnail(levels) for levels in (picture.levels, to_levels(fitted.grid), to_levels(other))]
    drawn = Image.fromarray(sheet(shown))
    write_file(target, lambda stream: drawn.save(stream, "PNG"))
