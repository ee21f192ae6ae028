"""The next experiment: what it would find, computed with the rows and the rule that judge it."""
