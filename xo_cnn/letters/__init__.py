"""Drawn X's and O's."""
