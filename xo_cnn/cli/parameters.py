"""The kinds of values that options of several commands take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import click
from click.shell_completion import CompletionItem

from xo_cnn.words import printable

MAX_SEED = 2**63 - 1


class Threshold(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`auto`, or a grey level from 0 to 255."""

    name = "auto|0-255"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Literal["auto"] | int:
        if value == "auto":
            return "auto"
        try:
            level = int(value)
        except ValueError:
            level = -1
        if not 0 <= level <= 255:
            self.fail(f"{_cut(value)!r} is neither auto nor a whole number from 0 (black) to 255 (white)", param, ctx)
        return level


class Seed(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A whole number from 0 that names a drawing."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            seed = int(value)
        except ValueError:
            seed = -1
        if not 0 <= seed <= MAX_SEED:
            self.fail(f"{_cut(value)!r} is not a whole number from 0 to {MAX_SEED}", param, ctx)
        return seed


def _cut(value: object) -> str:
    text = printable(str(value))
    return text if len(text) <= 40 else text[:40] + "..."


class FileOrName(click.Path):
    """A path, or the name of something installed; the shell completes both."""

    def __init__(self, names: Callable[[], list[str]]) -> None:
        super().__init__()
        self.names = names

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        names = [CompletionItem(name) for name in self.names() if name.startswith(incomplete)]
        # Files first: at them, bash forgets what came before, and looks for files only where nothing comes after.
        return super().shell_complete(ctx, param, incomplete) + names
