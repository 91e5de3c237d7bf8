"""Time the arithmetic beside other programs, on the same arrays, and check that all of them give the same numbers.

    python benchmarks/speed.py                      the table, in Markdown
    python benchmarks/speed.py --rounds 21          more rounds, calmer medians
    python benchmarks/speed.py --only pool          rows whose name has a word in it
    python benchmarks/speed.py --figure linear.svg  the cost against cells and features instead, as a figure

How it is measured is told in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

HEIGHT, WIDTH = 2448, 3264
PEERS = {"OpenCV": ("cv2", "opencv-python-headless"), "PyTorch": ("torch", "torch"), "SciPy": ("scipy", "scipy")}
COLUMNS = ["xo-cnn", "OpenCV", "PyTorch", "SciPy", "einsum", "memory"]


@dataclass
class Row:
    """One kind of work: who does it how, and how many times as fast as whom it has to be."""

    name: str
    work: dict[str, Callable[[], Any]]
    targets: dict[str, float] = field(default_factory=dict)


def rows(threads: int) -> list[Row]:
    """Set up every row; the arrays are made once and are the same for all."""
    import numpy as np

    from xo_cnn import convolve, max_pool, relu
    from xo_cnn.convolution import convolve_with
    from xo_cnn.engine.fusion import run_layers
    from xo_cnn.grid import Map
    from xo_cnn.pooling import Pool
    from xo_cnn.rectification import Relu

    rng = np.random.default_rng(0)
    ones = rng.choice(np.array([-1, 1], np.int8), (HEIGHT, WIDTH))
    ones_float = ones.astype(np.float32)
    grey = rng.uniform(-1, 1, (HEIGHT, WIDTH)).astype(np.float32)

    def ours(grid: Any, features: Any) -> Callable[[], Any]:
        return lambda: [one.values for one in convolve(grid, list(features))]

    def ours_pooled(features: Any) -> Callable[[], Any]:
        return lambda: [one.values for one in max_pool(convolve(ones, list(features)))]

    def ours_fused(features: Any, *before: Any) -> Callable[[], Any]:
        image, named = Map("", ones), [Map("", feature) for feature in features]
        return lambda: [one.values for one in convolve_with([*before, Pool()], image, named)]

    def scaled(features: Any) -> Any:
        """The feature over its number of cells, which spares the peers the division."""
        return (features / features[0].size).astype(np.float32)

    def peers(grid: Any, features: Any, pooled: bool = False, kept: bool = False) -> dict[str, Callable[[], Any]]:
        """The same with other libraries; `pooled` after 2/2 pooling, `kept` without what is negative before it."""
        weights = scaled(features)
        tall, wide = features.shape[1:]
        work: dict[str, Callable[[], Any]] = {}
        if find_spec("cv2"):
            import cv2

            cv2.setNumThreads(threads)
            crop = (slice(HEIGHT - tall + 1), slice(WIDTH - wide + 1))

            def opencv() -> list[Any]:
                # Each map is pooled before the next is made: that spares OpenCV most of the fresh memory.
                maps = (cv2.filter2D(grid, cv2.CV_32F, weight, anchor=(0, 0))[crop] for weight in weights)
                if kept:
                    maps = (cv2.threshold(one, 0, 0, cv2.THRESH_TOZERO)[1] for one in maps)
                return [opencv_pool(one, 2) if pooled else one for one in maps]

            work["OpenCV"] = opencv
        if find_spec("torch"):
            import torch

            torch.set_num_threads(threads)
            image, kernels = torch.from_numpy(grid)[None, None], torch.from_numpy(weights)[:, None]

            def pytorch() -> Any:
                with torch.inference_mode():
                    maps = torch.nn.functional.conv2d(image, kernels)
                    if kept:
                        torch.relu_(maps)
                    return (torch.nn.functional.max_pool2d(maps, 2, 2, ceil_mode=True) if pooled else maps)[0].numpy()

            work["PyTorch"] = pytorch
        if pooled:
            return work
        if find_spec("scipy"):
            from scipy import ndimage, signal

            def scipy() -> list[Any]:
                if tall >= 15 or wide >= 15:
                    return [signal.oaconvolve(grid, weight[::-1, ::-1], mode="valid") for weight in weights]
                here = (-(tall // 2), -(wide // 2))
                crop = (slice(HEIGHT - tall + 1), slice(WIDTH - wide + 1))
                return [ndimage.correlate(grid, weight, mode="constant", origin=here)[crop] for weight in weights]

            work["SciPy"] = scipy
        if tall < 15:
            windows = np.lib.stride_tricks.sliding_window_view(grid, (tall, wide))
            work["einsum"] = lambda: [np.einsum("ijkl,kl->ij", windows, weight) for weight in weights]
        return work

    def opencv_pool(one: Any, window: int) -> Any:
        import cv2

        largest = cv2.dilate(one, np.ones((window, window), np.uint8), anchor=(0, 0))
        steps = [-(-(side - window) // 2) + 1 for side in one.shape]
        return np.ascontiguousarray(largest[::2, ::2][: steps[0], : steps[1]])

    def memory(several: int, parts: int = 1, kind: Any = np.float32) -> Callable[[], Any]:
        """What nobody can do without: read the grid once, write as many maps."""

        def read_and_write() -> list[Any]:
            maps = [np.full(HEIGHT * WIDTH // parts, 1, kind) for _ in range(several)]
            return [ones.copy(), *maps]

        return read_and_write

    def pools(window: int) -> dict[str, Callable[[], Any]]:
        work: dict[str, Callable[[], Any]] = {"xo-cnn": lambda: [max_pool(grey, window).values]}
        if find_spec("cv2"):
            work["OpenCV"] = lambda: [opencv_pool(grey, window)]
        if find_spec("torch"):
            import torch

            image = torch.from_numpy(grey)[None, None]
            work["PyTorch"] = lambda: torch.nn.functional.max_pool2d(image, window, 2, ceil_mode=True)[0].numpy()
        return work | {"memory": memory(1, parts=4)}

    def rectifications() -> dict[str, Callable[[], Any]]:
        work: dict[str, Callable[[], Any]] = {"xo-cnn": lambda: [relu(grey).values]}
        if find_spec("cv2"):
            import cv2

            work["OpenCV"] = lambda: [cv2.threshold(grey, 0, 0, cv2.THRESH_TOZERO)[1]]
        if find_spec("torch"):
            import torch

            image = torch.from_numpy(grey)[None]
            work["PyTorch"] = lambda: torch.relu(image).numpy()
        return work | {"memory": memory(1)}

    def random_ones(several: int, side: int) -> Any:
        return rng.choice(np.array([-1, 1], np.int8), (several, side, side))

    def random_reals(several: int, side: int) -> Any:
        return rng.uniform(-1, 1, (several, side, side)).astype(np.float32)

    table = []
    targets: list[tuple[int, int, dict[str, float]]] = [
        (1, 3, {"OpenCV": 1 / 1.4}),
        (3, 3, {}),
        (16, 3, {"OpenCV": 1}),
        (16, 5, {"OpenCV": 1}),
        (1, 15, {"OpenCV": 2}),
    ]
    for several, side, target in targets:
        features = random_ones(several, side)
        work = {"xo-cnn": ours(ones, features), **peers(ones_float, features), "memory": memory(several)}
        table.append(Row(f"±1 grid, {several} of {side}×{side} → float32 maps", work, target))
    three = list(random_ones(3, 3))
    work = {"xo-cnn": lambda: [one.sums for one in convolve(ones, three)], "memory": memory(3, kind=np.int8)}
    table.append(Row("±1 grid, 3 of 3×3 → integer sums", work))
    for several, side, factor in ((1, 3, 1.7), (16, 3, 2.8), (16, 5, 2.8), (1, 15, 1.7)):
        features = random_ones(several, side)
        work = peers(ones_float, features, pooled=True) | {"memory": memory(several, parts=4)}
        target = {"OpenCV": factor, "PyTorch": 5}
        name = f"±1 grid, {several} of {side}×{side}, then 2/2 pooling → float32"
        table.append(Row(name, {"xo-cnn": ours_pooled(features), **work}, target))
        table.append(Row(f"{name}, fused", {"xo-cnn": ours_fused(features), **work}, target))
    features = random_ones(16, 5)
    work = peers(ones_float, features, pooled=True, kept=True)
    name = "±1 grid, 16 of 5×5, ReLU, then 2/2 pooling → float32, fused"
    table.append(Row(name, {"xo-cnn": ours_fused(features, Relu()), **work, "memory": memory(16, parts=4)}))
    table.append(Row("ReLU of a float32 map", rectifications()))
    for window in (2, 3):
        table.append(Row(f"{window}/2 pooling of a float32 map", pools(window), {"OpenCV": 1, "PyTorch": 3}))
    for several, side, kind in ((1, 3, "real"), (16, 3, "real"), (16, 5, "real"), (16, 3, "±1"), (1, 15, "real")):
        features = random_ones(several, side) if kind == "±1" else random_reals(several, side)
        work = {"xo-cnn": ours(grey, features), **peers(grey, features), "memory": memory(several)}
        target = {"SciPy": 1, "einsum": 1} | ({"PyTorch": 0.5} if several == 16 else {})
        table.append(Row(f"grey image, {several} {kind} of {side}×{side}", work, target))
    for several, side in ((1, 31), (4, 63)):
        features = random_reals(several, side)
        work = {"xo-cnn": ours(grey, features), **peers(grey, features), "memory": memory(several)}
        work.pop("PyTorch", None)  # It takes half a minute, and says nothing about a Fourier transform.
        table.append(Row(f"grey image, {several} real of {side}×{side}", work, {"SciPy": 1}))
    grids, features = ones.reshape(-1)[: 1000 * 256].reshape(1000, 16, 16), random_ones(14, 5)
    work = {"xo-cnn": lambda: [sums / np.float32(25) for sums in run_layers(grids, list(features), [Pool()])]}
    if find_spec("torch"):
        import torch

        stack = torch.from_numpy(grids.astype(np.float32))[:, None]
        kernels = torch.from_numpy(scaled(features))[:, None]

        def batch() -> Any:
            with torch.inference_mode():
                maps = torch.nn.functional.max_pool2d(torch.nn.functional.conv2d(stack, kernels), 2, 2, ceil_mode=True)
                return maps.transpose(0, 1).numpy()

        work["PyTorch"] = batch
    table.append(Row("a thousand ±1 grids 16×16, 14 of 5×5, then 2/2 pooling", work))
    return table


def measure(row: Row, rounds: int) -> dict[str, float]:
    """Medians in milliseconds: everybody once to warm up and to compare results, then in turn, round after round."""
    import numpy as np

    expected = row.work["xo-cnn"]()
    for who, work in row.work.items():
        if who not in ("xo-cnn", "memory"):
            result = work()
            if len(result) != len(expected):
                raise SystemExit(f"{row.name}: {who} gives {len(result)} maps")
            for one, other in zip(expected, result, strict=True):
                if not np.allclose(one, other, rtol=0, atol=2e-5):
                    raise SystemExit(f"{row.name}: {who} gives other numbers")
            del result
        work()
    del expected
    times: dict[str, list[float]] = {who: [] for who in row.work}
    for _ in range(rounds):
        for who, work in row.work.items():
            start = time.perf_counter()
            work()
            times[who].append((time.perf_counter() - start) * 1e3)
    return {who: statistics.median(spent) for who, spent in times.items()}


def only_processors(number: int) -> None:
    """Keep this process to some processors, before NumPy and xo-cnn count them."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:number])


def in_child(threads: int, *options: str) -> list[Any]:
    """Measure in a process of its own, for BLAS takes its number of threads once and for all when it starts."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | {name: str(threads) for name in names}
    lines = []
    command = [sys.executable, __file__, "--child", str(threads), *options]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        lines = [json.loads(line) for line in child.stdout]
    if child.returncode:
        raise SystemExit(child.returncode)
    return lines


def shown(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds:.{1 if milliseconds < 100 else 0}f}"


def table_of(measured: list[Any]) -> list[str]:
    """Lines of Markdown: the medians, how many times as fast as the peers, and whether the target is reached."""
    lines = [
        f"| work | {' | '.join(COLUMNS)} | × OpenCV | × PyTorch | target | reached |",
        f"|---|{'---:|' * (len(COLUMNS) + 2)}---|---|",
    ]
    for name, medians, targets in measured:
        ratios = {who: medians[who] / medians["xo-cnn"] for who in medians}
        known = {who: factor for who, factor in targets.items() if who in ratios}
        goal = ", ".join(f"{factor:.2g}× {who}" for who, factor in known.items())
        missed = [f"no: {ratios[who]:.2f}× {who}" for who, factor in known.items() if ratios[who] < factor]
        reached = ", ".join(missed) or ("yes" if known else "")
        times = " | ".join(shown(medians.get(who)) for who in COLUMNS)
        compared = " | ".join(f"{ratios[who]:.1f}" if who in ratios else "–" for who in ("OpenCV", "PyTorch"))
        lines.append(f"| {name} | {times} | {compared} | {goal} | {reached} |")
    return lines


def linearity(rounds: int) -> list[tuple[str, list[tuple[float, float]]]]:
    """Milliseconds that sums of matches take on one thread: against image cells, feature cells, and features.

    Sixteen features 5×5 on eight megapixels, but for what is varied. In turn, round after round; the least of all
    rounds is what the work takes when nothing else goes on.
    """
    only_processors(1)
    import numpy as np

    from xo_cnn import convolve

    rng = np.random.default_rng(0)
    image = rng.choice(np.array([-1, 1], np.int8), (2 * HEIGHT, WIDTH))
    panels = [
        ("image cells (millions)", [(HEIGHT * part // 4, 16, 5) for part in range(1, 9)]),
        ("feature cells", [(HEIGHT, 16, side) for side in (3, 4, 5, 6, 7, 8, 9, 10, 11)]),
        ("features", [(HEIGHT, several, 5) for several in (1, 4, 8, 12, 16, 20, 24, 28, 32)]),
    ]
    work = {
        case: list(rng.choice(np.array([-1, 1], np.int8), (case[1], case[2], case[2])))
        for _, cases in panels
        for case in cases
    }
    least = dict.fromkeys(work, math.inf)
    for _ in range(rounds + 1):
        for case, features in work.items():
            start = time.perf_counter()
            [one.sums for one in convolve(image[: case[0]], features)]
            least[case] = min(least[case], (time.perf_counter() - start) * 1e3)
    amounts = [lambda case: case[0] * WIDTH / 1e6, lambda case: case[2] ** 2, lambda case: case[1]]
    return [
        (label, [(amount(case), least[case]) for case in cases])
        for (label, cases), amount in zip(panels, amounts, strict=True)
    ]


def figure(panels: list[tuple[str, list[tuple[float, float]]]]) -> str:
    """Draw dots and the straight line closest to them, one panel for each thing that the cost grows with."""
    side, gap, bottom = 220, 70, 50
    width, height = len(panels) * (side + gap) + 20, side + bottom + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        '<g font-family="sans-serif" font-size="12" fill="#222">',
        "<title>The cost of convolution grows linearly</title>",
        "<desc>Milliseconds against image cells, feature cells and features, each with the closest line.</desc>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, (label, dots) in enumerate(panels):
        left, top = number * (side + gap) + gap, 30
        step_x, step_y = nice(max(x for x, _ in dots)), nice(max(y for _, y in dots))
        end_x = math.ceil(max(x for x, _ in dots) / step_x) * step_x
        slope, start, fit = closest_line(dots)
        end_y = math.ceil(max(start + slope * end_x, *(y for _, y in dots)) / step_y) * step_y

        def place(x: float, y: float, left: float = left, ends: tuple[float, float] = (end_x, end_y)) -> str:
            return f"{left + x / ends[0] * side:.1f} {30 + side - y / ends[1] * side:.1f}"

        parts.append(f'<text x="{left}" y="{top - 12}">milliseconds</text>')
        for tick in range(round(end_y / step_y) + 1):
            y = top + side - tick * step_y / end_y * side
            parts.append(f'<path d="M{left} {y:.1f}h{side}" stroke="#ddd"/>')
            parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{tick * step_y:g}</text>')
        for tick in range(round(end_x / step_x) + 1):
            x = left + tick * step_x / end_x * side
            parts.append(f'<text x="{x:.1f}" y="{top + side + 18}" text-anchor="middle">{tick * step_x:g}</text>')
        line = f"M{place(0, max(0, start))}L{place(end_x, start + slope * end_x)}"
        parts.append(f'<path d="{line}" stroke="#b35806" stroke-width="1.5"/>')
        for dot in dots:
            x, y = place(*dot).split()
            parts.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="#542788"/>')
        below = top + side + 38
        parts.append(f'<text x="{left + side / 2}" y="{below}" text-anchor="middle">{label}</text>')
        parts.append(f'<text x="{left + side}" y="{top - 12}" text-anchor="end" fill="#7f3f04">R² = {fit:.3f}</text>')
    return "\n".join([*parts, "</g>", "</svg>", ""])


def nice(largest: float) -> float:
    """A round step that divides an axis into three to six parts."""
    power = 10 ** math.floor(math.log10(largest))
    return next(step * power for step in (0.2, 0.25, 0.5, 1, 2) if largest / (step * power) <= 6)


def closest_line(dots: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Slope, start and R² of the line of least squares."""
    slope, start = statistics.linear_regression([x for x, _ in dots], [y for _, y in dots])
    fit = statistics.correlation([x for x, _ in dots], [y for _, y in dots]) ** 2
    return slope, start, fit


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="rounds to take the median of (7)")
    parser.add_argument("--only", default="", metavar="WORD", help="rows with this in their name")
    parser.add_argument("--figure", type=Path, metavar="PATH.svg", help="measure and draw the linear growth instead")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.figure:
        options.figure.write_text(figure(linearity(options.rounds)))
        return
    if options.child:
        only_processors(options.child)
        for row in rows(options.child):
            if options.only in row.name:
                print(json.dumps([row.name, measure(row, options.rounds), row.targets]), flush=True)
        return
    for who, (module, package) in PEERS.items():
        print(f"{who} {version(package)}" if find_spec(module) else f"{who} is not installed and left out", end="; ")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    print(f"NumPy {version('numpy')}; Python {platform.python_version()}; {cores} processors; {WIDTH}×{HEIGHT} cells")
    for threads in sorted({1, cores}):
        print(f"\n{'One thread' if threads == 1 else f'{threads} threads'}, milliseconds:\n")
        measured = in_child(threads, "--rounds", str(options.rounds), "--only", options.only)
        print("\n".join(table_of(measured)), flush=True)


if __name__ == "__main__":
    main()
