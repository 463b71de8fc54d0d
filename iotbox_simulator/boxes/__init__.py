"""Whole boxes: a machine with its homepage in front, as the box program, a browser or the world meets it."""
