"""How Sphinx makes the reference and the man page: everything comes from docstrings and from --help."""

import re
from pathlib import Path

_ROOT = Path(__file__).parent.parent

project = "xo-cnn"
author = "the xo-cnn maintainers"
release = re.findall(r'__version__ = "(.+)"', (_ROOT / "xo_cnn" / "__init__.py").read_text())[0]
extensions = ["sphinx.ext.autodoc", "sphinx_click"]
root_doc = "reference"
exclude_patterns = ["site"]
html_theme = "alabaster"
html_theme_options = {"description": "Tell an X from an O, number by number", "fixed_sidebar": True}
html_show_copyright = False
html_copy_source = False
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_default_options = {"members": True, "show-inheritance": True}
man_pages = [("commands", "xo-cnn", "tell an X from an O, number by number", [author], 1)]
today = " "  # no date: the same texts make the same page


def setup(app):
    """Help texts are plain, and docstrings keep the backquotes of Markdown, which readers of the source know best."""

    def as_code(app, what, name, obj, options, lines):
        lines[:] = [re.sub(r"(?<![`:])`([^`]+)`(?!`)", r"``\1``", line) for line in lines]

    def as_plain(app, context, lines):
        lines[:] = [line.replace("*", r"\*") for line in lines]

    app.connect("autodoc-process-docstring", as_code)
    for part in ("description", "options", "arguments", "epilog"):
        app.connect(f"sphinx-click-process-{part}", as_plain)
