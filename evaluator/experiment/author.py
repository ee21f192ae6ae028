"""Who approves or seals, as git knows them."""

from __future__ import annotations

import os
import subprocess

UNNAMED = "not named"


def author() -> str:
    """The name that git would put on a commit; without one, the user's."""
    named = os.environ.get("GIT_AUTHOR_NAME")
    if named:
        return named
    try:
        told = subprocess.run(
            ["git", "config", "user.name"], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        told = ""
    return told or os.environ.get("USER") or UNNAMED
