"""The same estimate where nothing was promoted, and without one piece of what it rests on."""
