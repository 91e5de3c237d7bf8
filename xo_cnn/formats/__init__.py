"""Grids, maps and networks as files."""
