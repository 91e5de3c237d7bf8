"""Types: checkers tell one grid from several, and accept every example of the docstrings and of the README."""

from __future__ import annotations

import ast
import doctest
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest
from conftest import ROOT
from mypy import api

EXAMPLES = """
from typing import assert_type

import numpy as np

from pathlib import Path

from xo_cnn import Map, Score, Verdict, Walk, XoCnnError, compare, convolve, load_feature, load_features, max_pool, vote
from xo_cnn import Network, classify, evaluate, explain, load_image

grid: Map = load_image("x.png")
pooled: Map = max_pool(convolve(grid, load_feature("diag")), window=2, stride=2)
label: str = Network.load("xo").classify(grid)
agree: int = compare(grid, np.ones((9, 9)))
numbers = np.asarray(pooled)
rows, array = [[1, -1], [-1, 1]], np.eye(3)
one = Map("diag", array)
assert_type(convolve(rows, rows), Map)
assert_type(convolve(array, load_feature("diag")), Map)
assert_type(convolve(one, load_features("features")), list[Map])
assert_type(convolve(one, (one, array, rows)), list[Map])
convolve(array, array).values
assert_type(convolve(one, "diag"), Map)
assert_type(convolve(one, ["diag", "cross"]), list[Map])
assert_type(max_pool(rows), Map)
assert_type(max_pool(convolve(one, [one]), 2, 2), list[Map])
max_pool(array)
assert_type(compare(rows, rows), int)
assert_type(compare(array, [one, array]), list[int])
assert_type(vote([one, one]), Verdict)
vote(np.ones((3, 2, 2)), "article").votes["X"]
assert_type(classify("x.png", threshold=99, ink="black", max_pixels=9, no_fit=True), Verdict)
assert_type(classify(b"bytes"), Verdict)
assert_type(classify(rows), Verdict)
assert_type(classify(["x.png", "o.png"], "article"), list[Verdict])
assert_type(classify(Path().glob("*.png")), list[Verdict])
assert_type(classify(iter([array, array]), errors="raise"), list[Verdict])
assert_type(classify(["x.png"], errors="return"), list[Verdict | XoCnnError])
classify(np.zeros((9, 9), np.uint8)).votes["X"]
assert_type(load_image(Path("x.png"), 16, ink="white"), Map)
assert_type(load_image(("x.png", Path("o.png")), grey=True), list[Map])
assert_type(explain(open("x.png", "rb"), feature="diag", at=(0, 1)), Walk)
assert_type(explain(["x.png"], errors="return"), list[Walk | XoCnnError])
assert_type(compare("x.png", "o.png"), int)
assert_type(compare("x.png", ["o.png", array]), list[int])
assert_type(evaluate("letters", threshold=9), list[Score])
"""


def checked(examples: Sequence[doctest.Example], name: str) -> str:
    """Examples as the body of a function, without those that show an error."""
    lines = [line for example in examples if not example.exc_msg for line in example.source.splitlines()]
    return "\n".join([f"def {name}() -> None:", *(f"    {line}" for line in lines or ["pass"]), ""])


def of_module(path: Path) -> str:
    """A module's examples, after the imports and the names that they find in the module; nothing without examples."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    tests = [test for test in doctest.DocTestFinder().find(import_module(name)) if test.examples]
    top = ast.parse(path.read_text()).body
    found = [ast.unparse(node) for node in top if isinstance(node, ast.Import | ast.ImportFrom)]
    own = {node.name for node in top if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own |= {
        name.id for node in top if isinstance(node, ast.Assign) for name in node.targets if isinstance(name, ast.Name)
    }
    found += [f"from {name} import {', '.join(sorted(own - {'__getattr__'}))}"] if own else []
    functions = [checked(test.examples, f"example_{number}") for number, test in enumerate(tests)]
    return "\n".join([*found, *functions]) if functions else ""


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a Python file for each module with examples, and one for the README."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "inferred.py").write_text(EXAMPLES)
    blocks = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    readme = doctest.DocTestParser().get_examples("".join(blocks))
    assert readme
    (folder / "readme.py").write_text(checked(readme, "tour"))
    for path in sorted((ROOT / "xo_cnn").rglob("*.py")):
        if path.name != "__main__.py" and (text := of_module(path)):
            (folder / f"{'_'.join(path.relative_to(ROOT).with_suffix('').parts)}.py").write_text(text)
    return folder


def test_mypy_accepts_every_example(examples: Path) -> None:
    """One grid gives one result, a list a list; an array, which may be either, is taken as it is used."""
    files = [str(path) for path in sorted(examples.glob("*.py"))]
    assert len(files) > 20
    found, errors, status = api.run(["--strict", *files])
    assert (status, errors) == (0, ""), found


@pytest.mark.skipif(shutil.which("pyright") is None, reason="pyright is not installed")
def test_pyright_accepts_every_example(examples: Path) -> None:
    """It infers more than mypy, and other overloads."""
    found = subprocess.run(
        ["pyright", "--level", "error", "--pythonpath", sys.executable, str(examples)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
