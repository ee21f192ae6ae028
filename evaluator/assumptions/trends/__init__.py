"""Parallel trends: a row week by week, what came before its window, and bounds if trends part."""
