"""Whom to contact next, as people and machines read it: one document, three renderings."""
