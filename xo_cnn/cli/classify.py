"""`xo-cnn classify`: images in, a verdict for each out."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, Literal

import click

from xo_cnn.cli.inputs import open_input
from xo_cnn.cli.messages import complain
from xo_cnn.cli.options import VERDICT_FORMATS, OutputOptions, fitting_options, network_option, output_options
from xo_cnn.cli.results import form_for, refuse_over_input, refuse_saving, write_bytes
from xo_cnn.cli.verdicts import csv_heading, csv_line, error_line, json_line, text_line
from xo_cnn.errors import XoCnnError
from xo_cnn.words import printable

if TYPE_CHECKING:
    from xo_cnn.many import Outcome
    from xo_cnn.network import Network


@click.command(
    epilog="\b\nExamples:\n"
    '  [ "$(xo-cnn classify letter.png)" = X ] && echo "an X"\n'
    "  xo-cnn classify --votes sample_images/*.png\n"
    "  find scans -name '*.png' -print0 | xo-cnn classify --files-from - -0"
)
@click.argument("images", nargs=-1, type=click.Path(allow_dash=True), metavar="[IMAGE]...")
@network_option("The network that classifies.")
@click.option("--votes", is_flag=True, help="Write the votes for each label between the label and the path.")
@click.option("--with-path", is_flag=True, help="Write the path for a single image too.")
@click.option("-r", "--recursive", is_flag=True, help="Take the files in folders, and in the folders in them.")
@click.option(
    "--files-from",
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="Read the paths of images from FILE, a line each; - is standard input.",
)
@click.option("-0", "--null", is_flag=True, help="The paths in FILE end in a NUL, as find -print0 writes them.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="Work in so many processes; by default one per core, once the work pays for starting them.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Let the workers of a Dask scheduler do the work (extra: dask).")
@fitting_options
@output_options(VERDICT_FORMATS)
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
    ink: Literal["white", "black", "auto"],
    threshold: Literal["auto"] | int,
    max_pixels: int,
    output_options: OutputOptions,
) -> int:
    """Say of each IMAGE whether it is an X or an O (or another label of the network).

    This is grid --fit, convolve, pool and vote in one process. One image gives the label alone, several a line
    each with label and path; a bad one is reported, the others go on, and the status is then 1.
    """
    from xo_cnn.network import Network

    if null and files_from is None:
        raise click.UsageError("-0 tells how --files-from is read; name its file, or - for standard input")
    form = form_for(output_options, VERDICT_FORMATS)
    loaded = Network.load(network)
    inputs = [*images, files_from] if images or files_from else ["-"]
    refuse_over_input(output_options.output, [*inputs, *loaded.files])
    several = len(images) > 1 or files_from is not None or recursive
    outcomes: Iterable[tuple[str, Outcome]]
    if not several:
        path = images[0] if images else "-"
        outcomes = [(path, _outcome(path, loaded, ink, threshold, max_pixels))]
    else:
        from xo_cnn.images.reader import Reader
        from xo_cnn.many import classify_many

        reader = Reader(threshold=threshold, ink=ink, max_pixels=max_pixels)

        def many(batches: Iterable[Sequence[str]]) -> Iterable[tuple[str, Outcome]]:
            batches = _none_of(batches, output_options.output)
            return classify_many(batches, loaded, reader, jobs=jobs, scheduler=scheduler)

        # An image on standard input is read here, for no worker could; the others around it keep their order.
        parts: list[Iterable[tuple[str, Outcome]]] = []
        for piped, some in itertools.groupby(images, key=lambda path: path == "-"):
            if piped:
                parts += [_piped(loaded, ink, threshold, max_pixels) for _ in some]
            else:
                parts.append(many(_expanded(list(some), recursive)))
        parts.append(many(_listed(files_from, null)))
        outcomes = itertools.chain.from_iterable(parts)
    report = Report(loaded, form, votes, with_path or several, several)
    if form == "pretty" and not several:
        refuse_saving(output_options)
        report.draw(outcomes)
    else:
        write_bytes(output_options, lambda stream: report.write(outcomes, stream))
    return report.close()


def _piped(
    network: Network,
    ink: Literal["white", "black", "auto"],
    threshold: Literal["auto"] | int,
    max_pixels: int,
) -> Iterator[tuple[str, Outcome]]:
    """The verdict on standard input, once it is its turn."""
    yield "-", _outcome("-", network, ink, threshold, max_pixels)


def _outcome(
    path: str,
    network: Network,
    ink: Literal["white", "black", "auto"],
    threshold: Literal["auto"] | int,
    max_pixels: int,
) -> Outcome:
    """The verdict on one image, which may come from standard input."""
    from xo_cnn.images.reading import fit_image, read_image

    try:
        with open_input(path, "an image") as (stream, source):
            picture = read_image(stream, source, max_pixels)
            try:
                fitted = fit_image(picture, network.side, ink=ink, threshold=threshold)
            except XoCnnError as error:
                raise error.naming(source) from error
        return network.classify(fitted.grid)
    except XoCnnError as error:
        return error


def _expanded(images: Sequence[str], recursive: bool) -> Iterator[Sequence[str]]:
    """The named images, and with `recursive` the files of named folders; hidden ones are left out."""
    if not recursive:
        if images:
            yield images
        return
    for image in images:
        if not os.path.isdir(image):
            yield [image]
            continue
        for folder, folders, files in os.walk(image, onerror=_complain_of_folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield [os.path.join(folder, name) for name in sorted(files) if not name.startswith(".")]


def _complain_of_folder(error: OSError) -> None:
    complain(f"{error.filename}: cannot be read: {error.strerror}")


def _listed(files_from: str | None, null: bool) -> Iterator[Sequence[str]]:
    """The paths in a file, in batches as they come; an empty batch before a wait for more."""
    if files_from is None:
        return
    import select

    end = b"\0" if null else b"\n"

    def tidy(name: bytes) -> bytes:
        return name if null else name.removesuffix(b"\r")  # lists from elsewhere end their lines in two characters

    with _paths_file(files_from) as stream:
        rest = b""
        while data := os.read(stream.fileno(), 1 << 16):
            *names, rest = (rest + data).split(end)
            yield [os.fsdecode(name) for name in map(tidy, names) if name]
            if len(rest) > 1 << 16:
                raise XoCnnError(f"{files_from}: holds a path of over 65536 bytes; paths end in " + repr(end)[2:-1])
            if not select.select([stream], [], [], 0)[0]:
                yield []
        if tidy(rest):
            yield [os.fsdecode(tidy(rest))]


def _none_of(batches: Iterable[Sequence[str]], output: str | None) -> Iterator[Sequence[str]]:
    """The batches as they are; a path among them that is the output's ends the run, and leaves the file as it was."""
    for batch in batches:
        if output is not None:
            refuse_over_input(output, batch)
        yield batch


@contextlib.contextmanager
def _paths_file(path: str) -> Iterator[BinaryIO]:
    if path != "-":
        try:
            with open(path, "rb") as stream:
                yield stream
        except OSError as error:
            if error.filename is None:
                raise
            raise XoCnnError(f"{path}: cannot be read: {error.strerror}") from error
        return
    if sys.stdin is None:
        raise XoCnnError("standard input is closed; --files-from - reads paths from it")
    if sys.stdin.isatty():
        raise click.UsageError("--files-from - reads paths from standard input: pipe them in")
    yield sys.stdin.buffer


class Report:
    """Writes outcomes as they come, and counts them."""

    def __init__(self, network: Network, form: str, votes: bool, with_path: bool, several: bool) -> None:
        self.network = network
        self.form = form
        self.votes = votes
        self.with_path = with_path
        self.several = several
        self.labels: Counter[str] = Counter()
        self.errors = 0

    def draw(self, outcomes: Iterable[tuple[str, Outcome]]) -> None:
        """Draw the verdict on the terminal."""
        from xo_cnn.drawing.terminal import console, draw_verdict

        for path, outcome in outcomes:
            self.count(outcome)
            if not isinstance(outcome, XoCnnError):
                if self.with_path:
                    click.echo(printable(path))
                draw_verdict(outcome, console(sys.stdout))

    def write(self, outcomes: Iterable[tuple[str, Outcome]], stream: BinaryIO) -> None:
        """A line for each, flushed so that the next program can go on with it."""
        if self.form == "csv":
            self.put(csv_heading(self.network.labels), stream)
        bar = sys.stderr is not None and sys.stderr.isatty() and not stream.isatty() and self.several
        for done, (path, outcome) in enumerate(outcomes, start=1):
            if bar and done % 16 == 0:
                click.echo(f"\r{done} images", nl=False, err=True)
            self.count(outcome)
            line = self.line(path, outcome)
            if line is not None:
                self.put(line, stream)
        if bar:
            click.echo("\r\x1b[K", nl=False, err=True)

    def put(self, line: str, stream: BinaryIO) -> None:
        stream.write(line.encode("utf-8", "surrogateescape") + b"\n")
        stream.flush()

    def count(self, outcome: Outcome) -> None:
        if isinstance(outcome, XoCnnError):
            self.errors += 1
            complain(str(outcome))
        else:
            self.labels[str(outcome)] += 1

    def line(self, path: str, outcome: Outcome) -> str | None:
        """The line for one image; of one without a verdict only JSON has something to say."""
        if isinstance(outcome, XoCnnError):
            return error_line(outcome, path) if self.form == "json" else None
        if self.form == "json":
            return json_line(outcome, path)
        if self.form == "csv":
            return csv_line(outcome, path)
        return text_line(outcome, path if self.with_path else None, self.votes)

    def close(self) -> int:
        """Sum up on standard error where there were several, and give the status."""
        if self.several:
            total = sum(self.labels.values()) + self.errors
            counts = [f"{self.labels[label]} {printable(label)}" for label in self.network.labels]
            bad = [f"{self.errors} without a verdict"] if self.errors else []
            click.echo(f"{total} image{'s' if total != 1 else ''}: {', '.join(counts + bad)}", err=True)
        return 1 if self.errors else 0
