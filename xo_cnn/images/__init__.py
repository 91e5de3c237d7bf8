"""Pictures become grids: reading, levels of light, and finding the letter."""
