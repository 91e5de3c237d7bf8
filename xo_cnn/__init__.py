"""Tell an X from an O, number by number: convolution, pooling and votes on ±1 grids."""

__version__ = "0.1.0"
