"""Attempts to refute an estimate by resampling: courses left out, a common cause added."""
