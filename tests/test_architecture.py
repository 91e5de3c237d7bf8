"""The shape of the package: arrows point one way, arithmetic knows no files, each thing is done in one place."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "xo_cnn"

# From below to above; a module imports only what stands before it.
LAYERS = [
    ["display", "errors", "words"],
    ["limits"],
    ["grid", "catalogue"],
    ["layers"],
    ["engine", "processes"],
    ["cluster", "matching", "convolution", "rectification", "pooling", "voting"],
    ["formats"],
    ["features"],
    ["network"],
    ["images"],
    ["letters", "pictures"],
    ["learning", "walk"],
    ["many", "drawing"],
    ["cli"],
    ["__main__"],
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
ARITHMETIC = [
    "grid",
    "layers",
    *sorted(f"engine/{path.stem}" for path in (PACKAGE / "engine").glob("*.py") if path.stem != "__init__"),
    "convolution",
    "rectification",
    "pooling",
    "voting",
    "matching",
]
# What the arithmetic must not reach, however indirectly; `os` counts the cores.
OUTSIDE = {"PIL", "rich", "click", "pathlib", "io", "tempfile", "shutil", "xo_cnn.formats", "xo_cnn.images"}

# What is done in one place: the calls that do it, and the modules that may make them.
PLACES = {
    "a picture is decoded": (("Image.open", "Image.OPEN.get"), {"images/decoding.py"}),
    "a picture is fitted": (("fit",), {"images/reader.py", "learning/training.py"}),
    "a file is replaced": (("os.replace", "os.rename", "os.fsync"), {"formats/saving.py"}),
    "a module is loaded by name": (("import_module",), {"display.py", "cli/__init__.py", "formats/maps.py"}),
    "the layers are run": (("choose",), {"engine/fusion.py"}),
    "a file is opened": (
        ("open",),
        {
            "catalogue.py",  # features and networks
            "images/reader.py",  # pictures and grids by their paths
            "cli/inputs.py",  # the input of every command, and lists of paths
        },
    ),
}
MOST_LINES, MOST_OF_A_FUNCTION = 500, 60


def part(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(module: Path) -> set[str]:
    """Every module that a file imports, wherever in it, except what only type checkers see."""
    tree = ast.parse(module.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in FILES or node.module == "xo_cnn" else node.module for name in inner}
    return found


@cache
def reached(module: Path) -> set[str]:
    """Every module that a file imports, and that those import in turn, of the package and of others."""
    found: set[str] = set()
    ahead = [module]
    while ahead:
        new = imports(ahead.pop()) - found
        found |= new
        ahead += [FILES[name] for name in new if name in FILES]
    return found


@cache
def called(module: Path) -> set[str]:
    """The functions that a file calls, by the names that it calls them."""
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call)}


# without what editors and notebooks leave between them
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py" and "/." not in str(path)]
FILES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_arrows_point_downward(module: Path) -> None:
    """No module imports from its own layer or from above, but for the parts of cli and drawing among themselves."""
    assert part(module) in RANK, "a new module needs its place in LAYERS"
    for name in imports(module):
        if name.startswith("xo_cnn.") and name != "xo_cnn.__version__":
            other = name.split(".")[1]
            assert other == part(module) or RANK[other] < RANK[part(module)], f"{part(module)} imports {other}"


def test_only_cli_knows_click_and_only_drawing_knows_rich() -> None:
    """Whoever reads the arithmetic need not know how it is called or drawn."""
    for module in MODULES:
        names = {name.split(".")[0] for name in imports(module)}
        assert "click" not in names or part(module) == "cli", module
        assert "rich" not in names or part(module) == "drawing", module


@pytest.mark.parametrize("name", FILES)
def test_no_module_imports_itself_in_the_end(name: str) -> None:
    """Arrows point one way within a folder too."""
    assert name not in reached(FILES[name])


@pytest.mark.parametrize("name", [*ARITHMETIC, "images/fit"])
def test_arithmetic_opens_no_files(name: str) -> None:
    """It takes arrays and gives arrays."""
    module = PACKAGE / f"{name}.py"
    assert "open" not in called(module)
    assert not {"pathlib", "io", "tempfile", "shutil"} & imports(module)


@pytest.mark.parametrize("name", ARITHMETIC)
def test_arithmetic_needs_nothing_from_outside(name: str) -> None:
    """Neither files, Pillow, Rich nor Click, and no module that needs them."""
    found = reached(PACKAGE / f"{name}.py")
    assert not {one for one in found if any(f"{one}.".startswith(f"{far}.") for far in OUTSIDE)}


@pytest.mark.parametrize("what", PLACES)
def test_each_thing_is_done_in_one_place(what: str) -> None:
    """Whoever changes how finds it there, and nowhere else."""
    calls, places = PLACES[what]
    assert {path.relative_to(PACKAGE).as_posix() for path in MODULES if called(path) & set(calls)} == places


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_and_functions_are_short(module: Path) -> None:
    """A file is read in one sitting, a function at one glance."""
    text = module.read_text()
    assert len(text.splitlines()) <= MOST_LINES
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    long = {node.name for node in functions if (node.end_lineno or 0) - node.lineno >= MOST_OF_A_FUNCTION}
    assert not long


def test_run_time_needs_four_packages_and_no_other() -> None:
    """click, numpy, pillow and rich; distributed only behind its extra."""
    import sys
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [need.split(">")[0] for need in project["dependencies"]] == ["click", "numpy", "pillow", "rich"]
    known = {"click", "numpy", "PIL", "rich", "xo_cnn", "distributed"} | sys.stdlib_module_names
    for module in MODULES:
        assert {name.split(".")[0] for name in imports(module)} <= known, module


def test_the_public_names_are_there() -> None:
    """Everything in __all__ can be had from the package, and nothing else is promised."""
    import xo_cnn

    for name in xo_cnn.__all__:
        assert getattr(xo_cnn, name).__name__ == name
    assert set(xo_cnn.__all__) <= set(dir(xo_cnn))
    checked = {}
    for node in ast.walk(ast.parse((PACKAGE / "__init__.pyi").read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xo_cnn."):
            checked |= {alias.asname: node.module.removeprefix("xo_cnn.") for alias in node.names if node.module}
    assert checked == xo_cnn._HOMES, "type checkers and the interpreter find the same names in the same modules"
    with pytest.raises(AttributeError, match="nonsense"):
        _ = xo_cnn.nonsense
