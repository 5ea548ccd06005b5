"""Where data is: a path of this machine, or a URL of a store; and how a URL is shown, without what opens it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from mlgate.errors import ConfigError

WEB = ("http", "https")
# Azure writes container@account where others write user:password@host
CONTAINER_AT_ACCOUNT = ("abfs", "abfss", "wasb", "wasbs", "az")
_URL = re.compile(r"(?:[a-z0-9_+.-]+::)*([a-z][a-z0-9_+.-]+)://", re.IGNORECASE)
_LINK = re.compile(r"::(?=(?:[a-z][a-z0-9_+.-]+::)*[a-z][a-z0-9_+.-]+://)", re.IGNORECASE)
_QUERY = re.compile(r"\?[\w.~%-]+=.*$", re.DOTALL)  # elsewhere a question mark is a pattern
_ANY_USER = re.compile(r"(://)[^/\s'\"]+@")
_ANY_QUERY = re.compile(r"(://[^\s'\"?]+)\?[^\s'\")]*")


def is_url(named: str) -> bool:
    """Whether `named` is a URL of a store; file:// names a path of this machine."""
    return scheme(named) not in {"", "file"}


def scheme(named: str) -> str:
    """Return the scheme of a URL in small letters (of a chain, its last); of a path, nothing."""
    found = _URL.match(named)
    return found[1].lower() if found else ""


def plain_path(named: str) -> str:
    """Return the path that a file:// URL names; any other name as it is."""
    if scheme(named) != "file":
        return named
    parts = urlsplit(named)
    if parts.netloc not in {"", "localhost"}:
        raise ConfigError(f"{named!r} names another machine", hint="write file:///PATH, or the path alone")
    return unquote(parts.path)


def shown(named: str) -> str:
    """Write a name for people and records: a URL loses user, password and query, a path stays as it is."""
    if not is_url(named):
        return named
    *chain, last = links(named)
    before, _, rest = last.partition("://")
    host, slash, path = _without_user(before.lower(), rest).partition("/")
    if before.lower() in WEB:
        host, path = host.partition("?")[0].partition("#")[0], path.partition("?")[0].partition("#")[0]
    else:
        path = _QUERY.sub("", path)
    return "::".join([*(shown(link) for link in chain), f"{before}://{host}{slash}{path}"])


def links(named: str) -> list[str]:
    """Take a chain of file systems apart, such as zip://a.csv::https://host/b.zip; a host or a query may hold `::`."""
    return _LINK.split(named)


def without_secrets(text: str, url: str) -> str:
    """Take out of a text what `url`, or any address in the text, holds and must not be told."""
    text = text.replace(url, shown(url))
    for secret in sorted(_secrets(url), key=len, reverse=True):
        text = text.replace(secret, "***")
    return _ANY_QUERY.sub(r"\1", _ANY_USER.sub(r"\1", text))


def _without_user(kind: str, rest: str) -> str:
    host, _, _ = rest.partition("/")
    user, at, _ = host.rpartition("@")
    if not at and re.search(r":(?!\d*$)", host) and "@" in rest:  # a slash that a password should have escaped
        user, at = rest.rpartition("@")[0], "@"
    if not at or (kind in CONTAINER_AT_ACCOUNT and ":" not in user):
        return rest
    return rest[len(user) + 1 :]


def _secrets(url: str) -> set[str]:
    """List the parts of a URL that may open a door, as they are written and as they are meant."""
    rest = url.partition("://")[2]
    user = rest[: len(rest) - len(_without_user(scheme(url), rest))].removesuffix("@")
    hidden = [user, *user.split(":", 1)]
    query = rest.partition("?")[2] if "=" in rest.partition("?")[2] else ""
    hidden += [query, *(part.partition("=")[2] for part in query.split("&"))]
    hidden += [value for _, value in parse_qsl(query)]
    return {secret for part in hidden for secret in (part, unquote(part)) if len(secret) >= 4}
