"""`xo-cnn classify`: images in, a verdict for each out."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from xo_cnn.cli.inputs import Listing, Piped, open_input, remedy
from xo_cnn.cli.messages import complain, note, progress
from xo_cnn.cli.options import INPUT, fitting_options, jobs_option, network_option, output_options
from xo_cnn.cli.results import VERDICTS, Output, Style, encoded
from xo_cnn.errors import XoCnnError
from xo_cnn.words import count, printable

if TYPE_CHECKING:
    from xo_cnn.images.reader import Reader
    from xo_cnn.network import Network
    from xo_cnn.voting import Verdict


class NoVerdictError(Exception):
    """All inputs are bad: text has no row for them, which is no result."""


@click.command(
    help="""Classify each IMAGE as X or O (or another label of the network).

    Does what grid --fit, convolve, pool and vote do, in one process. Prints the label for one image, and one line
    per image with label and path for several. json and csv have one row per input, and a bad one has an error
    instead of a label.

    A bad image is reported, and the others are still classified. The status is 0 if no more than --allow-bad images
    are bad, 1 if more are or the run failed, and 2 for wrong usage. If the run is interrupted, the --output FILE is
    left unchanged.
    """,
    short_help="Classify images as X or O.",
    epilog="\b\nExamples:\n"
    '  [ "$(xo-cnn classify letter.png)" = X ] && echo "an X"\n'
    "  xo-cnn classify --votes sample_images/*.png\n"
    "  find scans -name '*.png' -print0 | xo-cnn classify --files-from - -0\n"
    "  xo-cnn classify -r scans --quiet --output verdicts.csv",
)
@click.argument("images", nargs=-1, type=INPUT, metavar="[IMAGE]...")
@network_option(help="The network that classifies.")
@click.option("--votes", is_flag=True, help="Print the votes for each label before the path.")
@click.option("--with-path", is_flag=True, help="Print the path even for a single image.")
@click.option("-r", "--recursive", is_flag=True, help="Search folders recursively.")
@click.option(
    "--files-from",
    type=INPUT,
    metavar="FILE",
    help="Read the paths of images from FILE, one per line; - is standard input.",
)
@click.option("-0", "--null", is_flag=True, help="Paths in FILE end in NUL, as find -print0 writes them.")
@jobs_option
@click.option("--scheduler", metavar="ADDRESS", help="Use the workers of a Dask scheduler (needs xo-cnn[dask]).")
@click.option("-q", "--quiet", is_flag=True, help="Print no summary and no progress, only errors.")
@click.option(
    "--allow-bad",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Exit with status 0 if at most N inputs are bad.",
)
@fitting_options
@output_options(VERDICTS)
def command(
    images: tuple[str, ...],
    network: str,
    votes: bool,
    with_path: bool,
    recursive: bool,
    files_from: str | None,
    null: bool,
    jobs: int | None,
    scheduler: str | None,
    quiet: bool,
    allow_bad: int,
    reader: Reader,
    output: Output,
) -> int:
    from xo_cnn.network import Network

    if jobs and scheduler:
        raise click.UsageError("--jobs is the number of processes here, --scheduler has its own: use one of them")
    listing = Listing(images, recursive, files_from, null)
    loaded = Network.load(network)
    output.refuse_over([*listing.images, *loaded.files, *filter(None, [files_from])])
    style = Style(output.form, votes, with_path or listing.several, loaded.labels)
    report = Report(Counter(dict.fromkeys(loaded.labels, 0)))
    if not listing.several:
        (path,) = listing.images
        outcome = report.counted(path, _classified(path, loaded, reader))
        if output.form == "pretty":
            style.draw(path, outcome)
        elif not report.bad or output.path is None:  # only a result replaces a file
            output.put_lines([*style.heading(), *style.lines(path, outcome)])
    else:
        shown = not quiet and not output.on_terminal
        with (
            progress("images", listing.total() if shown else None, shown) as report.step,
            contextlib.closing(_outcomes(_not_over(output, listing), loaded, reader, jobs, scheduler)) as outcomes,
            contextlib.suppress(NoVerdictError),
        ):
            output.put(lambda stream: _write(outcomes, report, style, stream))
        if not quiet:
            note(report.summary())
    return 1 if report.bad > allow_bad or listing.unread else 0


def _write(outcomes: Iterator[tuple[str, Verdict | XoCnnError]], report: Report, style: Style, to: BinaryIO) -> None:
    """Write rows as they come, each flushed so that the next program can use it at once."""
    for line in style.heading():
        to.write(encoded(line))
    for path, outcome in outcomes:
        for line in style.lines(path, report.counted(path, outcome)):
            to.write(encoded(line))
        to.flush()
    if report.bad == report.total > 0 and style.form == "text":
        raise NoVerdictError


def _not_over(output: Output, listing: Listing) -> Iterator[str | Piped | XoCnnError | None]:
    """What a listing yields; an image that the output would overwrite ends the run, and so do folders without one."""
    found = None
    for found in listing:
        if isinstance(found, str):
            output.refuse_over([found])
        yield found
    if found is None and listing.recursive and not listing.unread:
        raise XoCnnError("no image in it", " ".join(listing.images))


def _outcomes(
    listed: Iterable[str | Piped | XoCnnError | None],
    network: Network,
    reader: Reader,
    jobs: int | None,
    scheduler: str | None,
) -> Generator[tuple[str, Verdict | XoCnnError], None, None]:
    """Yield the verdict on each image in order, or its error."""
    from xo_cnn.many import do_many
    from xo_cnn.pictures import classify

    work: Any = partial(classify, network=network, errors="return", **asdict(reader))
    for kind, some in groupby(listed, lambda found: type(found or "")):
        if kind is str:
            paths = cast("Iterable[str | None]", some)
            yield from do_many(paths, work, jobs=jobs, scheduler=scheduler, notify=complain)
            continue
        for one in some:  # the others around it keep their order
            if isinstance(one, Piped):
                yield one.path, _classified(one.path, network, reader)
            elif isinstance(one, XoCnnError):
                yield one.source or "", one


def _classified(path: str, network: Network, reader: Reader) -> Verdict | XoCnnError:
    """The verdict on one image, which may be standard input or a pipe."""
    try:
        with open_input(path, "an image") as (stream, source):
            return network.classify(reader.fitted(stream, network.side, source).grid)
    except XoCnnError as error:
        return error


@dataclass
class Report:
    """Counts the images of a run by their labels, and reports the bad ones as they come."""

    labels: Counter[str]
    step: Callable[[int, int | None], None] = lambda done, total: None
    bad: int = 0
    total: int = 0

    def counted(self, path: str, outcome: Verdict | XoCnnError) -> Verdict | XoCnnError:
        """The outcome for an image, counted and, if it is an error, reported with its remedy."""
        self.total += 1
        self.step(self.total, None)
        if not isinstance(outcome, XoCnnError):
            self.labels[str(outcome)] += 1
            return outcome
        reason = remedy(path, "an image", ", or search it with --recursive") if path != "-" else ""
        error = XoCnnError(reason, path) if reason else outcome
        self.bad += 1
        complain(str(error))
        return error

    def summary(self) -> str:
        """The numbers of images by label."""
        counts = [f"{number} {printable(label)}" for label, number in self.labels.items()]
        bad = [f"{self.bad} without a verdict"] if self.bad else []
        return f"{count(self.total, 'image')}: {', '.join(counts + bad)}"
