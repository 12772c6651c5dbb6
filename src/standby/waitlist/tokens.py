"""The secrets in links that we give out. The database knows their hashes alone."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, fit for a URL."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """SHA-256. A token is random and long, so no salt and no slow hash are needed."""
    return hashlib.sha256(token.encode()).digest()
