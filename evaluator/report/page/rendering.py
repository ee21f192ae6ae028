"""From a template to a page: text is escaped, and a policy names the one style that applies."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).with_name("templates")


def rendered(template: str, filters: Iterable[Callable[..., Any]] = (), **content: Any) -> str:
    """A page of this content; the same bytes for the same content.

    Parameters
    ----------
    filters : what the template may do with a value, by the names of the functions
    """
    # Imported here, so that nobody pays for it who writes no page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {function.__name__: function for function in (*filters, source_hash)}
    return environment.get_template(template).render(**content)


def source_hash(text: str) -> str:
    """How a content-security policy names a style that may apply: by what it says.

    >>> source_hash("p { color: red }")
    'sha256-ngewhhP73WDIbgwseeu52VAAJgKdGUsu1IUQQsAm8m4='
    """
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
