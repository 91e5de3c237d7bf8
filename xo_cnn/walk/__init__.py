"""The walk through a network: its numbers, and its words."""
