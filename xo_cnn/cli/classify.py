"""`xo-cnn classify`: images in, a verdict for each out."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import click

from xo_cnn import __version__
from xo_cnn.cli.inputs import open_input, remedy
from xo_cnn.cli.lists import Listing
from xo_cnn.cli.messages import complain, note, progress
from xo_cnn.cli.options import INPUT, fitting_options, jobs_option, network_option, output_options
from xo_cnn.cli.results import VERDICTS, Output, encoded
from xo_cnn.cli.verdicts import Row, Style
from xo_cnn.errors import XoCnnError
from xo_cnn.words import count, printable

if TYPE_CHECKING:
    from xo_cnn.images.reader import Reader
    from xo_cnn.many import Outcome
    from xo_cnn.network import Network


class Work(NamedTuple):
    """How verdicts are made: who does the work, and which are refused."""

    jobs: int | None
    scheduler: str | None
    strict: bool

    def checked(self) -> Work:
        """The options themselves; UsageError where they exclude each other."""
        if self.jobs and self.scheduler:
            raise click.UsageError("--jobs is the number of processes here, --scheduler has its own: use one of them")
        return self


@click.command(
    help="""Classify each IMAGE as X or O (or another label of the network).

    Does what grid --fit, convolve, pool and vote do, in one process. Prints the label for one image, and one line
    per image with label and path for several. json and csv have one row per input, and a bad one has an error
    instead of a label.

    A bad image is reported, and the others are still classified. The status is 0 if no more than --allow-bad images
    are bad, 1 if more are or the run failed, and 2 for wrong usage. If several images are saved with --output and the
    run is interrupted, FILE is left unchanged, and FILE.part keeps the finished rows for --resume.
    """,
    short_help="Classify images as X or O.",
    epilog="\b\nExamples:\n"
    '  [ "$(xo-cnn classify letter.png)" = X ] && echo "an X"\n'
    "  xo-cnn classify --votes sample_images/*.png\n"
    "  find scans -name '*.png' -print0 | xo-cnn classify --files-from - -0\n"
    "  xo-cnn classify -r scans --quiet --output verdicts.csv --resume",
)
@click.argument("images", nargs=-1, type=INPUT, metavar="[IMAGE]...")
@network_option(help="The network that classifies.")
@click.option("--votes", is_flag=True, help="Print the votes for each label and what neither got, before the path.")
@click.option("--with-path", is_flag=True, help="Print the path even for a single image.")
@click.option("--strict", is_flag=True, help="Report a picture that looks like neither label as an error.")
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
    help="Exit with status 0 if at most N inputs are bad (default: 0).",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Continue an interrupted run of the same command: it has left its rows in FILE.part.",
)
@fitting_options
@output_options(VERDICTS)
def command(
    network: str,
    votes: bool,
    with_path: bool,
    images: tuple[str, ...],
    recursive: bool,
    files_from: str | None,
    null: bool,
    jobs: int | None,
    scheduler: str | None,
    strict: bool,
    quiet: bool,
    allow_bad: int,
    resume: bool,
    reader: Reader,
    output: Output,
) -> int:
    from xo_cnn.network import Network

    listing = Listing(images, recursive, files_from, null)
    work = Work(jobs, scheduler, strict).checked()
    loaded = Network.load(network)
    output.refuse_over([*listing.named, *loaded.files])
    style = Style(output.form, votes, with_path or listing.several, loaded.labels)
    report = Report(loaded.labels)
    several = listing.several
    file = output.path is not None and (os.path.isfile(output.path) or not os.path.exists(output.path))
    if resume and not (file and several):
        raise click.UsageError("--resume continues a run of several images: name its --output FILE")
    with progress("images", listing.total, several and not quiet and not output.on_terminal) as report.step:
        classified = Classified(loaded, reader, work, output)
        if not several:
            _write_one(report.counted(next(classified.rows(listing.batches()))), style, output)
        elif file:
            _keep_and_write(classified, listing.batches(), report, style, output, resume)
        else:
            rows = map(report.counted, classified.rows(listing.batches()))
            output.put(lambda stream: _write(rows, style, stream))
    if several and not quiet:
        note(report.summary())
    return 1 if report.errors > allow_bad or listing.unread else 0


def _write_one(row: Row, style: Style, output: Output) -> None:
    """Write the row of a single image; a file is left alone by an image without a verdict."""
    if row.verdict is None and (output.path is not None or style.form not in ("json", "csv")):
        return
    if output.form == "pretty":
        style.draw(row)
    else:
        output.put_lines([*style.heading(), *style.lines(row)])


def _write(rows: Iterable[Row], style: Style, stream: BinaryIO) -> None:
    """Write rows as they come, each flushed so that the next program can use it at once."""
    for line in style.heading():
        stream.write(encoded(line))
    for row in rows:
        for line in style.lines(row):
            stream.write(encoded(line))
        stream.flush()


def _keep_and_write(
    classified: Classified, batches: Iterator[list[str]], report: Report, style: Style, output: Output, resume: bool
) -> None:
    """Keep rows as they come, and write them all to the output in the end."""
    from xo_cnn.cli.part import Part

    assert output.path is not None
    with Part(output.path, classified.settings(), resume) as part:
        with contextlib.closing(classified.rows(part.after(batches, report.count))) as rows:
            for row in rows:
                part.add(report.counted(row))
        part.finish(style)


class Classified:
    """The rows of images that a network classifies."""

    def __init__(self, network: Network, reader: Reader, work: Work, output: Output) -> None:
        self.network = network
        self.reader = reader
        self.work = work
        self.output = output

    def settings(self) -> str:
        """What the verdicts depend on beside the images, in few characters."""
        from hashlib import sha256

        from xo_cnn.catalogue import contents

        digest = sha256(f"{__version__} {self.reader} {self.work.strict}".encode())
        for file in self.network.files:
            digest.update(contents(file))
        return digest.hexdigest()

    def rows(self, batches: Iterable[list[str]]) -> Generator[Row, None, None]:
        """Yield a row for each image in order; raises XoCnnError where there can be no further rows."""
        try:
            for path, outcome in self._outcomes(batches):
                yield self._row(path, outcome)
        except XoCnnError:
            raise
        except OSError as error:  # of reading: not to be blamed on the output
            raise XoCnnError(f"the images cannot be read: {error.strerror or error}") from error

    def _outcomes(self, batches: Iterable[list[str]]) -> Iterator[tuple[str, Outcome]]:
        from xo_cnn.many import classify_many

        for piped, some in groupby(self._checked(batches), key=lambda batch: batch == ["-"]):
            if piped:  # read here, because no worker could; the others around it keep their order
                yield from (("-", self._piped()) for _ in some)
            else:
                yield from classify_many(
                    some,
                    self.network,
                    self.reader,
                    jobs=self.work.jobs,
                    scheduler=self.work.scheduler,
                    notify=complain,
                )

    def _checked(self, batches: Iterable[list[str]]) -> Iterator[list[str]]:
        """The batches as they are; a path among them that is the output's ends the run."""
        for batch in batches:
            self.output.refuse_over(batch)
            yield batch

    def _piped(self) -> Outcome:
        """The verdict on standard input."""
        from xo_cnn.pictures import with_neither

        try:
            with open_input("-", "an image") as (stream, source):
                fitted = self.reader.fitted(stream, self.network.side, source)
            return with_neither(self.network.classify(fitted.grid), fitted)
        except XoCnnError as error:
            return error

    def _row(self, path: str, outcome: Outcome) -> Row:
        from xo_cnn.images.fit import NEITHER

        if isinstance(outcome, XoCnnError):
            reason = remedy(path, "an image", ", or search it with --recursive") if path != "-" else ""
            return Row(path, error=f"{path}: {reason}" if reason else str(outcome))
        if self.work.strict and outcome.neither is not None and outcome.neither > NEITHER:
            labels = " nor ".join(self.network.labels)
            return Row(path, error=f"{path}: looks like neither {labels} (neither={outcome.neither:.3f})")
        return Row(path, outcome)


class Report:
    """Counts the rows of a run, and reports the bad ones as they come."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self.labels: Counter[str] = Counter(dict.fromkeys(labels, 0))
        self.errors = 0
        self.step: Callable[[int, int | None], None]

    def count(self, row: Row) -> None:
        """Count a row."""
        if row.verdict is None:
            self.errors += 1
        else:
            self.labels[str(row.verdict)] += 1
        self.step(self.total, None)

    def counted(self, row: Row) -> Row:
        """The row itself, counted and reported."""
        self.count(row)
        if row.error:
            complain(row.error)
        return row

    @property
    def total(self) -> int:
        """The number of rows."""
        return self.labels.total() + self.errors

    def summary(self) -> str:
        """The numbers of rows by label."""
        counts = [f"{number} {printable(label)}" for label, number in self.labels.items()]
        bad = [f"{self.errors} without a verdict"] if self.errors else []
        return f"{count(self.total, 'image')}: {', '.join(counts + bad)}"
