"""What tells a mail program how its reader gets no more mails: a button beside the sender's name."""

from yarl import URL


def unsubscribe_headers(url: str | None) -> dict[str, str]:
    """A mail's headers: RFC 2369, and by https RFC 8058. A POST to `url` unsubscribes, with nobody signed in."""
    if url is None:
        return {}
    headers = {"List-Unsubscribe": f"<{URL(url)}>"}  # In ASCII, whatever the installation's name.
    if url.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
