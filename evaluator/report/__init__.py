"""Renderings of an evaluation: records, JSON, CSV, terminal, methods. They compute nothing."""
