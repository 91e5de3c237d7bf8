"""Limits: what is refused before memory is asked for."""

# Pixels of an image, unless --max-pixels lifts it.
MAX_PIXELS = 128_000_000
# Bytes of a line of text, of a line of JSON (which holds a whole map), of one
# array in npy or npz, of standard input, of a feature file, and of a network file.
MAX_LINE = 64 << 20
MAX_JSON_LINE = 256 << 20
MAX_ARRAY = 4 << 30
MAX_INPUT = 4 << 30
MAX_FEATURE = 64 << 20
MAX_NETWORK = 8 << 20
# Characters of a map's name, and maps in one stream.
MAX_NAME = 1000
MAX_MAPS = 100_000
