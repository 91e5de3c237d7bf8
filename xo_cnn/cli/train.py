"""`xo-cnn train`: labelled images, or drawn samples, in; a network file out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from xo_cnn.cli.lists import pass_over
from xo_cnn.cli.messages import complain, note, progress
from xo_cnn.cli.options import feature_option, fitting_options, jobs_option, refuse_given
from xo_cnn.cli.results import Output
from xo_cnn.errors import OutputError, XoCnnError
from xo_cnn.words import count, file_name

if TYPE_CHECKING:
    from xo_cnn.grid import Array, Map
    from xo_cnn.images.reader import Reader
    from xo_cnn.learning.training import Trained
    from xo_cnn.network import Pool


class Layers(NamedTuple):
    """The side of the grid, and the pooling layers that follow the convolution."""

    grid: int
    poolings: int
    window: int
    stride: int

    @property
    def pools(self) -> list[Pool]:
        """The pooling layers, as a network has them."""
        from xo_cnn.network import Pool

        return [Pool(self.window, self.stride)] * self.poolings


class Descent(NamedTuple):
    """How the votes are learned."""

    steps: int
    decay: float
    mirror: bool | None


class Drawn(NamedTuple):
    """How many samples are drawn where no folder of images is named."""

    samples: int
    seed: int


@click.command(
    help="""Learn a network's votes, and write the network file and, beside it, the features that it uses.

    This goes beyond the pages of the text, which end where votes are cast. Each image is fitted to a grid and goes
    through convolution and pooling; then gradient descent on the cross-entropy (softmax regression) finds the votes of
    every pooled cell for every label. FOLDER/LABEL/* are images of two or more labels; without FOLDER, train draws X's
    and O's. One image in five is held out, and the share of those that is right is printed to standard error. The same
    command writes the same bytes. If interrupted, existing files are left unchanged.
    """,
    short_help="Learn a network's votes from images or samples.",
    epilog="\b\nExamples:\n"
    "  xo-cnn train --out strokes.toml --feature diag --feature anti \\\n"
    "    --feature cross\n"
    "  xo-cnn train --out letters.toml letters  # letters/A/*, letters/B/*, ...",
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
@feature_option(
    "A feature file, an installed feature's name, or a drawing such as '#../.#./..#'; may be repeated. "
    "By default those of the network xo.",
    multiple=True,
)
@click.option("--features", type=click.Path(), metavar="FOLDER", help="Use every feature NAME.txt in FOLDER.")
@click.option(
    "--grid", type=click.IntRange(3, 256), metavar="N", default=16, show_default=True, help="Side of the grid in cells."
)
@click.option(
    "--poolings", type=click.IntRange(0, 8), metavar="N", default=1, show_default=True, help="Number of pooling layers."
)
@click.option(
    "--window", type=click.IntRange(1), metavar="N", default=2, show_default=True, help="Side of their windows."
)
@click.option(
    "--stride", type=click.IntRange(1), metavar="N", default=2, show_default=True, help="Stride of their windows."
)
@click.option(
    "--samples",
    type=click.IntRange(5),
    metavar="N",
    default=8000,
    show_default=True,
    help="Without FOLDER: number of samples drawn of each label.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="N",
    default=0,
    show_default=True,
    help="Without FOLDER: seed of the first sample.",
)
@click.option(
    "--steps", type=click.IntRange(1), metavar="N", default=300, show_default=True, help="Steps of gradient descent."
)
@click.option(
    "--decay",
    type=click.FloatRange(0, 10),
    metavar="N",
    default=0.0005,
    show_default=True,
    help="Weight decay: how strongly votes are kept small.",
)
@click.option(
    "--mirror/--no-mirror",
    default=None,
    help="Learn from each grid in all eight rotations and reflections; by default for drawn samples only.",
)
@jobs_option
@fitting_options
def command(
    folder: str | None,
    out: str,
    feature: tuple[str, ...],
    features: str | None,
    grid: int,
    poolings: int,
    window: int,
    stride: int,
    steps: int,
    decay: float,
    mirror: bool | None,
    samples: int,
    seed: int,
    jobs: int | None,
    reader: Reader,
) -> None:
    from xo_cnn.features import save_with_features
    from xo_cnn.network import choose_features, last_shapes

    layers, descent, drawn = Layers(grid, poolings, window, stride), Descent(steps, decay, mirror), Drawn(samples, seed)
    if feature and features is not None:
        raise click.UsageError("--feature names features and --features a folder of them: use one of the two")
    _refuse_without_effect(folder, layers)
    used, files = choose_features(feature, features, "xo")
    missing = _check_target(Path(out), used)
    Output("text", out).refuse_over(files)
    last_shapes(layers.grid, used, layers.pools)
    if folder is None:
        with progress("drawing samples", drawn.samples) as step:
            from xo_cnn.learning.training import drawn_grids

            grids, answers = drawn_grids(drawn.samples, layers.grid, drawn.seed, step)
        source = f"{2 * drawn.samples} drawn samples (seeds {drawn.seed} to {drawn.seed + drawn.samples - 1})"
    else:
        grids, answers = _read(folder, out, layers.grid, reader, jobs)
        source = count(len(answers), "labelled image")
    learned = _learn(grids, answers, used, Path(out).stem, layers, descent, folder is None)
    about = (
        f"Votes learned by xo-cnn train from {source}: {learned.learned} to learn from,\n"
        f"{learned.kept_apart} held out, of which {learned.right} are right."
    )
    save_with_features(out, learned.network.text(about), missing)
    share = 100 * learned.right / learned.kept_apart
    note(
        f"{out}: {count(len(used), 'feature')}, learned from {learned.learned} grids; "
        f"{learned.right} of {learned.kept_apart} held out are right ({share:.2f} %)"
    )


def _refuse_without_effect(folder: str | None, layers: Layers) -> None:
    if folder is None:
        refuse_given(
            ["ink", "threshold", "no_fit", "max_pixels", "jobs"], "is for reading images, and there is no FOLDER"
        )
    else:
        refuse_given(["samples", "seed"], "is for drawn samples, and FOLDER has images")
    if not layers.poolings:
        refuse_given(["window", "stride"], "does not apply to --poolings 0")


def _check_target(target: Path, features: list[Map]) -> list[Map]:
    """Check that the network and its features can be written; return the features that have no file beside it yet."""
    from xo_cnn.catalogue import PACKAGE
    from xo_cnn.features import missing_beside
    from xo_cnn.formats.saving import same_file

    if not target.parent.is_dir():
        raise click.UsageError(f"{target.parent} is not a folder; make it first, the network's features go there too")
    if target.is_dir():
        raise click.UsageError(f"{target} is a folder; name a file in it")
    if Path(PACKAGE) in target.resolve().parents:
        raise click.UsageError(f"{target} belongs to the installed program; name another file")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise OutputError("cannot be written: Permission denied", str(target))
    for feature in features:
        if file_name(feature.name) != feature.name:
            raise click.UsageError(f"the feature {feature.name} has no name for its file; save it as NAME.txt first")
        beside = target.parent / f"{feature.name}.txt"
        if beside.name.casefold() == target.name.casefold() or same_file(beside, target):
            raise click.UsageError(f"output {target} is also the input; name another file")
    return missing_beside(features, str(target.parent))


def _read(folder: str, out: str, side: int, reader: Reader, jobs: int | None) -> tuple[Array, list[str]]:
    """The fitted grids of FOLDER/LABEL/* and their labels; a file that is not an image ends it."""
    import numpy as np

    from xo_cnn.learning.evaluation import labelled_files
    from xo_cnn.many import fit_many

    files = labelled_files(folder, pass_over)
    Output("text", out).refuse_over([path for _, path in files])
    grids = []
    with progress("reading images", len(files)) as step:
        fitted = fit_many([str(path) for _, path in files], side, reader, jobs=jobs, notify=complain)
        for done, (_, outcome) in enumerate(fitted, start=1):
            if isinstance(outcome, XoCnnError):
                raise outcome
            grids.append(outcome.grid)
            step(done, None)
    return np.array(grids), [label for label, _ in files]


def _learn(
    grids: Array, answers: list[str], used: list[Map], name: str, layers: Layers, descent: Descent, symmetric: bool
) -> Trained:
    from xo_cnn.learning.training import train

    with progress("learning", descent.steps) as step:
        return train(
            grids,
            answers,
            used,
            layers.pools,
            name=name,
            steps=descent.steps,
            decay=descent.decay,
            mirror=symmetric if descent.mirror is None else descent.mirror,
            progress=step,
        )
