"""How Sphinx makes the reference and the man page: everything comes from docstrings and from --help."""

import re
from pathlib import Path

from sphinx.pycode import ModuleAnalyzer
from sphinx.util.inspect import TypeAliasForwardRef

_ROOT = Path(__file__).parent.parent

project = "xo-cnn"
author = "the xo-cnn maintainers"
release = re.findall(r'__version__ = "(.+)"', (_ROOT / "xo_cnn" / "__init__.py").read_text())[0]
extensions = ["sphinx.ext.autodoc", "sphinx_click"]
root_doc = "reference"
exclude_patterns = ["site"]
smartquotes = False  # two hyphens are an option, and people copy it
html_theme = "alabaster"
html_theme_options = {"description": "Tell an X from an O, number by number", "fixed_sidebar": True}
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_default_options = {"members": True, "show-inheritance": True}
# Types by the names that the page explains, and not by all that they stand for.
autodoc_type_aliases = {
    name: name
    for name in ("ArrayLike", "Array", "Rows", "Grids", "One", "Many", "Net", "Feature", "Threshold", "Ink", "Errors")
}
TypeAliasForwardRef.__repr__ = lambda self: self.name
man_pages = [("commands", "xo-cnn", "tell an X from an O, number by number", [author], 1)]
today = " "  # no date: the same texts make the same page

_analyze = ModuleAnalyzer.analyze


def _without_overloads(self):
    _analyze(self)
    self.overloads = {}  # the one signature that people read is that of the function itself


ModuleAnalyzer.analyze = _without_overloads


def _code(text):
    """Docstrings and papers keep the backquotes of Markdown, which readers of the source know best."""
    return re.sub(r"(?<![`:])`([^`]+)`(?!`)", r"``\1``", text)


def _examples(lines):
    """What stands below a help text: its indented lines are code, and the others text."""
    code = False
    for line in lines:
        bare = line.removeprefix("|").removeprefix(" ")
        if bare.startswith("  ") != code:
            code = not code
            yield from ("", ".. code-block:: sh", "") if code else ("",)
        yield f" {bare}" if code else bare.replace("*", r"\*")


def _changelog(app, docname, source):
    """The changelog's Markdown as Sphinx reads it."""
    if docname != "changelog":
        return
    text = _code((_ROOT / "CHANGELOG.md").read_text())
    for marks, line in (("# ", "="), ("## ", "-"), ("### ", "~")):
        text = re.sub(
            rf"^{marks}(.+)$", lambda found, line=line: f"{found[1]}\n{line * len(found[1])}", text, flags=re.M
        )
    source[0] = text


def setup(app):
    def as_code(app, what, name, obj, options, lines):
        lines[:] = [_code(line) for line in lines]

    def as_plain(app, context, lines):
        lines[:] = [line.replace("*", r"\*") for line in lines]

    def with_examples(app, context, lines):
        lines[:] = [*_examples(lines), ""]

    app.connect("autodoc-process-docstring", as_code)
    for part in ("description", "options", "arguments"):
        app.connect(f"sphinx-click-process-{part}", as_plain)
    app.connect("sphinx-click-process-epilog", with_examples)
    app.connect("source-read", _changelog)
