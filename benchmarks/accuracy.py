"""Right verdicts by set and by group, beside naive matching and PP-OCRv4: python benchmarks/accuracy.py FOLDER.

FOLDER/SET/LABEL/* are images of X's and O's. PP-OCRv4's recognizer comes with `pip install rapidocr-onnxruntime` and is
left out where that is missing; it chooses between X and O by its own probabilities. What is measured is described in
benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))

from xo_cnn import Map, Network, XoCnnError, load_image
from xo_cnn.images.reader import Reader
from xo_cnn.learning.evaluation import match_naively, whole_grid

SIDE = 16
ART = ("game_art", "clipart", "letters_art", "tiles", "templates", "objects")
# Sets by how their names begin; all others are real.
KINDS = {
    "typefaces": "typefaces",
    "turned typefaces": "turned",
    "board_wide": "boards",
    "cursive_x": "cursive x",
    "touching_real": "touching, real",
    "touching": "touching, drawn",
}
Judge = Callable[[Path], str]


def group(name: str) -> str:
    """The kind of picture that a set holds."""
    for begin, kind in KINDS.items():
        if name.startswith(begin):
            return kind
    return "art" if name in ART else "real"


def whole(path: Path) -> str:
    """Naive matching of the picture as it is, resized; it is told which side is ink."""
    reader = Reader(ink="auto")
    return str(match_naively(whole_grid(reader.read(str(path)).levels, SIDE, reader.fitted(str(path), SIDE).ink)))


def turned(path: Path, folder: Path, seed: int) -> Path:
    """The letter of a picture turned by any angle, shrunk to a third, moved, and bent by up to 30 %."""
    dice = np.random.default_rng(seed)
    levels = np.asarray(Image.open(path).convert("L"), np.float64)
    side = 3 * max(levels.shape)
    y, x = (np.mgrid[0:side, 0:side] - side / 2 - dice.uniform(-0.5, 0.5, (2, 1, 1)) * side / 3) * 2 / (side / 3)
    angle, waves = dice.uniform(0, 2 * np.pi), dice.uniform(0, 2 * np.pi, 2)
    y, x = y * np.cos(angle) - x * np.sin(angle), y * np.sin(angle) + x * np.cos(angle)
    y, x = y + 0.3 * np.sin(2 * x + waves[0]), x + 0.3 * np.sin(2 * y + waves[1])
    rows, columns = (
        np.clip((at + 1) / 2 * length, 0, length - 1).astype(int)
        for at, length in zip((y, x), levels.shape, strict=True)
    )
    inside = (np.abs(y) <= 1) & (np.abs(x) <= 1)
    drawn = np.where(inside, levels[rows, columns], np.median(levels[[0, -1]]))
    target = folder / f"{seed}.png"
    small = Image.fromarray(drawn.astype(np.uint8)).resize((side // 3, side // 3), Image.Resampling.BOX)
    small.save(target)
    return target


def fitted(judge: Callable[[Map], str], side: int) -> Judge:
    """A judge of grids, which sees each picture as `classify` takes it."""
    return lambda path: str(judge(load_image(path, fit=side)))


def ocr() -> Judge:
    """PP-OCRv4's recognizer, made to choose between X and O by the highest probability that it gives to either."""
    import onnxruntime
    import rapidocr_onnxruntime

    model = Path(rapidocr_onnxruntime.__file__).parent / "models" / "ch_PP-OCRv4_rec_infer.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options)
    characters = ["", *session.get_modelmeta().custom_metadata_map["character"].splitlines(), " "]
    places = {"X": [characters.index(c) for c in "Xx×"], "O": [characters.index(c) for c in "Oo0"]}

    def judge(path: Path) -> str:
        with Image.open(path) as image:
            rgba = image.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
        width = max(48, min(320, round(48 * picture.width / picture.height)))
        scaled = np.asarray(picture.resize((width, 48), Image.Resampling.BILINEAR), np.float32)[:, :, ::-1]
        padded = np.zeros((1, 3, 48, 320), np.float32)
        padded[0, :, :, :width] = (scaled / 127.5 - 1).transpose(2, 0, 1)
        (chances,) = session.run(None, {session.get_inputs()[0].name: padded})
        return max(places, key=lambda label: float(chances[0][:, places[label]].max()))

    return judge


def judges() -> dict[str, Judge]:
    """Every method by its name."""
    article, xo = Network.load("article"), Network.load("xo")
    found: dict[str, Judge] = {
        "naive, whole": whole,
        "naive, fitted": fitted(lambda grid: match_naively(grid.values), xo.side),
        "article": fitted(article.classify, article.side),
        "xo": fitted(xo.classify, xo.side),
    }
    return found | ({"PP-OCRv4": ocr()} if find_spec("rapidocr_onnxruntime") else {})


def files(folder: Path, work: Path) -> Iterator[tuple[Path, str, str]]:
    """Every picture with its label and its set; those of typefaces once more, turned, shrunk and bent."""
    paths = sorted(folder.glob("*/[XO]/*.*"))
    yield from ((path, path.parent.name, path.parent.parent.name) for path in paths)
    typefaces = [path for path in paths if path.parent.parent.name.startswith("typefaces")]
    for seed, path in enumerate(typefaces):
        yield turned(path, work, seed), path.parent.name, "turned typefaces"


def main() -> None:
    """Print one row per set, then one per group."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    methods = judges()
    right: Counter[tuple[str, str]] = Counter()
    number: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as work:
        for path, label, name in files(folder, Path(work)):
            for key in (name, group(name).upper()):
                number[key] += 1
            for method, judge in methods.items():
                try:
                    said = judge(path)
                except XoCnnError:
                    said = ""
                for key in (name, group(name).upper()):
                    right[key, method] += said == label
    print(f"| set | pictures | {' | '.join(methods)} |\n|---|---:|{'---:|' * len(methods)}")
    for key in sorted(number, key=lambda key: (key.isupper(), key)):
        rates = " | ".join(f"{100 * right[key, method] / number[key]:.1f}" for method in methods)
        print(f"| {key} | {number[key]} | {rates} |")


if __name__ == "__main__":
    main()
