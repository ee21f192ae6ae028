"""Simulated worlds: one generator for fixtures, tests, calibration and planning."""
