"""JSON lines: a map per line, and whatever else JSON can hold is named."""

from __future__ import annotations

import io
import json
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xo_cnn.errors import GridError
from xo_cnn.formats.json_lines import read_json
from xo_cnn.formats.maps import read_maps, write_maps
from xo_cnn.grid import Map


def read(data: bytes) -> list[Map]:
    return list(read_maps(io.BytesIO(data), "maps"))


def test_a_json_line_carries_name_shape_and_values() -> None:
    """One object a line, numbers as numbers."""
    stream = io.BytesIO()
    write_maps([Map("diag", np.array([[9, -3]], dtype=np.int8), 9)], "json", stream)
    assert json.loads(stream.getvalue()) == {"name": "diag", "shape": [1, 2], "values": [[1, -0.33333334]]}


def test_lists_and_objects_are_maps_in_any_order_of_their_keys() -> None:
    """A bare list has no name; unknown keys are passed over; lines may end in CR, blank lines are nothing."""
    data = b'[[1, -1]]\r\n\n {"values" : [ [0.5] , [2] ], "more": {"a": [1]}, "shape": [2, 1], "name": "b"} \r'
    assert [(one.name, one.values.tolist()) for one in read(data)] == [("", [[1, -1]]), ("b", [[0.5], [2]])]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "not valid JSON: Expecting property name enclosed in double quotes at column 2"),
        (b"[[1, -1]", "not valid JSON: Expecting ',' delimiter at column 9"),
        (b'{"values": [[1]]', "not valid JSON: Expecting ',' delimiter at column 17"),
        (b'{"values" [[1]]}', "not valid JSON: Expecting ':' delimiter at column 11"),
        (b"{1: [[1]]}", "not valid JSON: Expecting property name"),
        (b'{"meta": {"values": [[1]]}}', 'has no "values"'),
        (b"[\n [1, -1]\n]", "not valid JSON: Expecting value at column 3; write one map per line"),
        (b"[[1]] [[1]]", "not valid JSON: Extra data at column 7; write one map per line"),
        (b'{"name": "a"}', 'has no "values"'),
        (b"{}", 'has no "values"'),
        (b'{"values": [[1], [1, 2]]}', "has 2 numbers, but the rows above have 1"),
        (b'{"values": [[1]], "values": [[2]]}', 'lists "values" twice'),
        (b'{"values": [[1]], "shape": [2, 1]}', 'has 1x1 values, but "shape" is [2, 1]'),
        (b'{"values": [[1]], "shape": 7}', 'but "shape" is 7'),
        (b'{"values": [[1]], "name": 3}', '"name" must be a string'),
        (b'{"values": 1}', "values must be a list of rows"),
        (b"[1, 2]", "values has one dimension; a grid is a list of rows, such as [[1, -1]]"),
        (b'{"values": ["11"]}', "values has one dimension"),
        (b"[[[1]]]", "values has more than two dimensions; write one map per line"),
        (b"[]", "values is empty"),
        (b"[[]]", "row 1 is empty"),
        (b'[[1, 2], [3, "1"]]', 'row 2, column 2 holds "1", not a number'),
        (b"[[1, true]]", "row 1, column 2 holds true, not a number"),
        (b"[[1, null]]", "row 1, column 2 holds null, not a number"),
        (b"[[1, [2]]]", "row 1, column 2 holds [2], not a number"),
        (b"[[1, NaN]]", "line 1 holds nan, inf"),
        (b"[[-Infinity]]", "line 1 holds nan, inf"),
        (b"[[1e999]]", "line 1 holds nan, inf"),
        (b"[[" + b"9" * 400 + b"]]", "holds a number too large for a cell"),
        (b"[[" + b"9" * 5000 + b"]]", "holds a number with too many digits"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"values": [[' + b"[" * 100_000, "nested too deeply"),
        (b'{"values": [[1]], "more": "' + b"a" * (1 << 20) + b'"}', "has more than 1 MiB beside its values"),
        (b'{"a": ' + b'{"a":' * 100_000, "nested too deeply"),
    ],
    ids=lambda data: repr(data[:30]),
)
def test_what_is_no_map_is_named_with_its_line(data: bytes, message: str) -> None:
    """Ragged, text, booleans, one dimension or three, no JSON at all: one line, and what is missing."""
    with pytest.raises(GridError, match=r"^maps: line 1") as error:
        read(data)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


cells = st.integers(-(2**53), 2**53) | st.floats(width=32, allow_nan=False, allow_infinity=False)
grids = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=1)
)
others = st.text() | st.integers() | st.lists(st.text(), max_size=2) | st.none()


@given(
    grids, st.text(max_size=9), st.dictionaries(st.text(), others, max_size=3), st.randoms(), st.sampled_from(["", " "])
)
def test_what_json_reads_is_read(
    values: list[list[float]], name: str, more: dict[str, Any], random: Random, gap: str
) -> None:
    """Whatever stands beside the values, in any order, with any blanks, and with `"values":` in strings."""
    entry = {**more, "note": '"values": [[7]]', "name": name, "values": values}
    keys = list(entry)
    random.shuffle(keys)
    entry = {key: entry[key] for key in keys if key != "shape"}
    text = json.dumps(entry, separators=(f"{gap},{gap}", f"{gap}:{gap}"), ensure_ascii=random.random() < 0.5)
    (one,) = read_json(io.BytesIO(text.encode()), 10**6)
    assert one.name == name
    assert one.values.tolist() == np.array(values, np.float32).tolist()


def test_a_line_without_end_is_refused() -> None:
    """A map is one line, and a line has a limit."""
    with pytest.raises(GridError, match="line 1: is longer"):
        list(read_json(io.BytesIO(b"[[1, 1, 1, 1]]"), 1000, max_line=10))
