"""Renderings of the next experiment: they compute nothing."""
