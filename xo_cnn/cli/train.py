"""`xo-cnn train`: labelled images, or drawn samples, in; a network file out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xo_cnn import words
from xo_cnn.cli.inputs import do_labelled, pass_over
from xo_cnn.cli.messages import note, progress
from xo_cnn.cli.options import feature_option, fitting_options, jobs_option, network_option, refuse_given
from xo_cnn.cli.results import Output
from xo_cnn.errors import OutputError, XoCnnError
from xo_cnn.words import file_name, utf8

if TYPE_CHECKING:
    from xo_cnn.grid import Array, Map
    from xo_cnn.images.reader import Reader


@click.command(
    help="""Learn a network's votes; write its file and, beside it, its features and a saved grid of each label.

    This goes beyond the pages of the text, which end where votes are cast. Each image is fitted to a grid and goes
    through the network's layers; then gradient descent on the cross-entropy (softmax regression) finds the votes of
    every cell of the last maps for every label. FOLDER/LABEL/* are images of two or more labels; without FOLDER, train
    draws X's and O's. One image in five is held out, and the share of those that is right is printed to standard error.
    The same command writes the same bytes. If interrupted, existing files are left unchanged.
    """,
    short_help="Learn a network's votes from images or samples.",
    epilog="\b\nExamples:\n"
    "  xo-cnn train -o strokes.toml -F diag -F anti -F cross\n"
    "  xo-cnn train -o deeper.toml --network layers.toml  # its own layers\n"
    "  xo-cnn train -o letters.toml letters  # letters/A/*, letters/B/*, ...",
)
@click.argument("folder", required=False, type=click.Path())
@click.option(
    "-o",
    "--output",
    "--out",
    "out",
    required=True,
    type=click.Path(),
    metavar="NETWORK",
    help="The network file to write (TOML).",
)
@network_option(help="Learn votes for the layers of this network; its file may lack votes.")
@feature_option(
    help="Learn for this feature instead: a file, an installed feature's name, or a drawing such as '#../.#./..#'; "
    "may be repeated.",
    multiple=True,
)
@click.option("--features", type=click.Path(), metavar="FOLDER", help="Learn for every feature NAME.txt in FOLDER.")
@click.option(
    "--count",
    type=click.IntRange(5),
    metavar="N",
    default=1000,
    help="Without FOLDER: number of samples drawn of each label.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="N",
    default=0,
    help="Without FOLDER: seed of the first sample.",
)
@jobs_option
@fitting_options
def command(
    folder: str | None,
    out: str,
    network: str,
    feature: tuple[str, ...],
    features: str | None,
    count: int,
    seed: int,
    jobs: int | None,
    reader: Reader,
) -> None:
    from xo_cnn.convolution import Convolve
    from xo_cnn.features import save_with_features
    from xo_cnn.layers import last_shape
    from xo_cnn.learning.evaluation import labelled_files
    from xo_cnn.learning.training import STEPS, drawn_grids, saved_name, train
    from xo_cnn.network import Network, choose_features

    if folder is None:
        reading = ["ink", "threshold", "no_fit", "max_pixels", "jobs"]
        refuse_given(reading, "is for reading images, and there is no FOLDER")
    else:
        refuse_given(["count", "seed"], "is for drawn samples, and FOLDER has images")
    if feature and features is not None:
        raise click.UsageError("--feature names features and --features a folder of them: use one of the two")
    base = Network.load(network, trained=False)
    used, files = choose_features(feature, features, base)
    layers = (Convolve(tuple(used)), *base.layers[1:])
    for one in used:
        last_shape((base.side, base.side), one, layers)
    missing = _check_target(Path(out), used)
    labelled = [] if folder is None else labelled_files(folder, pass_over)
    beside = [saved_name(Path(out).stem, label) + ".txt" for label in {label for label, _ in labelled} or ("X", "O")]
    for written in (out, *(str(Path(out).with_name(name)) for name in beside)):
        Output("text", written).refuse_over([*files, *base.files, *(path for _, path in labelled)])
    if folder is None:
        with progress("drawing samples", count) as step:
            grids, answers = drawn_grids(count, base.side, seed, step)
        source = f"{2 * count} drawn samples (seeds {seed} to {seed + count - 1})"
    else:
        grids, answers = _read(labelled, base.side, reader, jobs)
        source = words.count(len(answers), "labelled image")
    with progress("learning", STEPS) as step:
        learned = train(grids, answers, used, layers[1:], name=Path(out).stem, mirror=folder is None, progress=step)
    about = (
        f"Votes learned by xo-cnn train from {source}: {learned.learned} to learn from,\n"
        f"{learned.held_out} held out, of which {learned.right} are right."
    )
    save_with_features(out, learned.network.text(about), [*missing, *learned.network.saved.values()])
    share = 100 * learned.right / learned.held_out
    note(
        f"{out}: {words.count(len(used), 'feature')}, learned from {learned.learned} grids; "
        f"{learned.right} of {learned.held_out} held out are right ({share:.2f} %)"
    )


def _check_target(target: Path, features: list[Map]) -> list[Map]:
    """Check that the network and its features can be written; return the features that have no file beside it yet."""
    from xo_cnn.catalogue import PACKAGE
    from xo_cnn.features import missing_beside
    from xo_cnn.formats.saving import identity

    if not target.parent.is_dir():
        raise click.UsageError(f"{target.parent} is not a folder; make it first, the network's features go there too")
    if utf8(target.name) != target.name:
        raise click.UsageError(f"{target} has no name in UTF-8, as a network names its files; name another")
    if target.parent == Path("/dev") or (target.exists() and not target.is_file()):
        raise click.UsageError(f"{target} is a folder or a device; name a file, which the features can lie beside")
    if Path(PACKAGE) in target.resolve().parents:
        raise click.UsageError(f"{target} belongs to the installed program; name another file")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise OutputError("cannot be written: Permission denied", str(target))
    for feature in features:
        if utf8(file_name(feature.name)) != feature.name:
            raise click.UsageError(f"the feature {feature.name} has no name for its file; save it as NAME.txt first")
        beside = target.parent / f"{feature.name}.txt"
        if beside.name.casefold() == target.name.casefold() or identity(beside) == identity(target):
            raise click.UsageError(f"output {target} is also the input; name another file")
    return missing_beside(features, str(target.parent))


def _read(files: Sequence[tuple[str, Path]], side: int, reader: Reader, jobs: int | None) -> tuple[Array, list[str]]:
    """The fitted grids of labelled images and their labels; a file that is not an image ends it."""
    import numpy as np

    grids, answers = [], []
    for label, _, outcome in do_labelled(files, partial(reader.fitted, side=side), jobs):
        if isinstance(outcome, XoCnnError):
            raise outcome
        grids.append(outcome.grid)
        answers.append(label)
    return np.array(grids), answers
