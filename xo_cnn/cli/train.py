"""`xo-cnn train`: labelled images, or drawn samples, in; a network file out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

import click

from xo_cnn.cli.options import FEATURE, fitting_options
from xo_cnn.cli.progress import progress
from xo_cnn.cli.results import refuse_over_input
from xo_cnn.errors import XoCnnError

if TYPE_CHECKING:
    from xo_cnn.grid import Array, Map


@click.command(
    epilog="\b\nExamples:\n"
    "  xo-cnn train --out features/xo.toml --feature diag --feature anti \\\n"
    "    --feature cross --feature plus --feature bar --feature pole \\\n"
    "    --feature blank\n"
    "  xo-cnn train --out letters.toml letters  # letters/A/*, letters/B/*, ..."
)
@click.argument("folder", required=False, type=click.Path())
@click.option("--out", required=True, type=click.Path(), metavar="NETWORK", help="The network file to write (TOML).")
@click.option(
    "-F",
    "--feature",
    "feature",
    multiple=True,
    type=FEATURE,
    help="A feature to look for, a file or an installed name; may be repeated. By default those of the network xo.",
)
@click.option("--features", type=click.Path(), metavar="FOLDER", help="Look for every feature NAME.txt in FOLDER.")
@click.option("--grid", type=click.IntRange(3, 256), default=16, show_default=True, help="Cells a side of the grid.")
@click.option("--poolings", type=click.IntRange(0, 8), default=1, show_default=True, help="How many pooling layers.")
@click.option("--window", type=click.IntRange(1), default=2, show_default=True, help="The side of their windows.")
@click.option("--stride", type=click.IntRange(1), default=2, show_default=True, help="Their steps.")
@click.option(
    "--samples", type=click.IntRange(5), default=8000, show_default=True, help="Without FOLDER: drawn of each."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Without FOLDER: their first seed.")
@click.option("--steps", type=click.IntRange(1), default=300, show_default=True, help="Steps down the gradient.")
@click.option(
    "--decay", type=click.FloatRange(0, 10), default=0.001, show_default=True, help="How strongly votes are kept small."
)
@click.option(
    "--mirror/--no-mirror",
    default=None,
    help="Learn from each grid in all eight ways to turn and mirror it; by default for drawn samples only.",
)
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
    samples: int,
    seed: int,
    steps: int,
    decay: float,
    mirror: bool | None,
    ink: Literal["white", "black", "auto"],
    threshold: Literal["auto"] | int,
    max_pixels: int,
) -> None:
    """Learn a network's votes, and write the network file and beside it the features that it uses.

    This goes beyond the pages of the text, which end where votes are cast. Each image is fitted to a grid and goes
    through convolution and pooling; then gradient descent on the cross-entropy (softmax regression) finds the votes of
    every pooled cell for every label. FOLDER/LABEL/* are images of two labels or more; without FOLDER it learns from
    drawn X's and O's. One image of five is kept apart, and on standard error you read how many of those come out
    right. The same command gives the same bytes. Interrupted, it leaves what was there.
    """
    from xo_cnn.catalogue import find_feature
    from xo_cnn.features import load_feature, load_features
    from xo_cnn.learning.training import drawn_grids, train
    from xo_cnn.network import Network, Pool

    if feature and features:
        raise click.UsageError("--feature names features one by one, --features a folder of them: use one of the two")
    if features:
        used = load_features(features)
    else:
        used = [load_feature(name) for name in feature] if feature else list(Network.load("xo").features)
    if len({one.name for one in used}) < len(used):
        raise click.UsageError("a feature is named twice")
    target = Path(out)
    if not target.parent.is_dir():
        raise click.UsageError(f"{target.parent} is no folder; make it first, the network's features go there too")
    refuse_over_input(out, [find_feature(name) for name in feature])
    missing = _missing_beside(target, used)
    if folder is None:
        with progress("drawing samples", samples) as step:
            grids, answers = drawn_grids(samples, grid, seed, step)
        source = f"{2 * samples} drawn samples (seeds from {seed} on)"
    else:
        grids, answers = _read(folder, out, grid, ink, threshold, max_pixels)
        source = f"{len(answers)} labelled images"
    with progress("learning", steps) as step:
        learned = train(
            grids,
            answers,
            used,
            [Pool(window, stride)] * poolings,
            name=target.stem,
            steps=steps,
            decay=decay,
            mirror=folder is None if mirror is None else mirror,
            progress=step,
        )
    about = (
        f"Votes learned by xo-cnn train from {source}: {learned.learned} to learn from,\n"
        f"{learned.kept_apart} kept apart, of which {learned.right} come out right."
    )
    for one in missing:
        text = "\n".join(" ".join(f"{cell:g}" for cell in row) for row in one.values.tolist()) + "\n"
        _save(target.parent / f"{one.name}.txt", text)
    _save(target, learned.network.text(about))
    share = 100 * learned.right / learned.kept_apart
    click.echo(
        f"{out}: {len(used)} features, learned from {learned.learned} grids; "
        f"of {learned.kept_apart} kept apart {learned.right} are right ({share:.2f} %)",
        err=True,
    )


def _save(target: Path, text: str) -> None:
    from xo_cnn.formats.saving import save

    save(target, lambda stream: _write(stream, text))


def _write(stream: BinaryIO, text: str) -> None:
    stream.write(text.encode())


def _missing_beside(target: Path, features: list[Map]) -> list[Map]:
    """The features that have no file beside the network yet; one of their names with other cells is an error."""
    import numpy as np

    from xo_cnn.features import load_feature

    missing = []
    for feature in features:
        beside = target.parent / f"{feature.name}.txt"
        if not beside.exists():
            missing.append(feature)
        elif not np.array_equal(load_feature(beside).values, feature.values):
            raise XoCnnError(
                f"{beside}: holds another feature than the {feature.name} to learn with; rename one of them"
            )
    return missing


def _read(
    folder: str,
    out: str,
    side: int,
    ink: Literal["white", "black", "auto"],
    threshold: Literal["auto"] | int,
    max_pixels: int,
) -> tuple[Array, list[str]]:
    """The fitted grids of FOLDER/LABEL/* and their labels; a file that is no image ends it."""
    import numpy as np

    from xo_cnn.images.reading import fit_image, read_image
    from xo_cnn.learning.evaluation import labelled_files

    files = labelled_files(folder)
    refuse_over_input(out, [path for _, path in files])
    grids = []
    with progress("reading images", len(files)) as step:
        for done, (_, path) in enumerate(files, start=1):
            with path.open("rb") as stream:
                picture = read_image(stream, str(path), max_pixels)
            try:
                grids.append(fit_image(picture, side, ink=ink, threshold=threshold).grid)
            except XoCnnError as error:
                raise error.naming(str(path)) from error
            step(done, len(files))
    return np.array(grids), [label for label, _ in files]
