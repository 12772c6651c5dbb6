"""Where a request comes from, also behind proxies that we trust. Pure."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.requests import Request

from standby.outside import Network


def client_address(request: Request, trusted: Sequence[Network]) -> str:
    """The address of the last one on the way here whom we have no reason to believe; "" if there is none.

    Each proxy adds to the end of X-Forwarded-For whom it was asked by. So it is read from its end, as long as who said
    it is one of ours: what somebody has put before that is theirs to make up.
    """
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    address = _read(request.client.host) if request.client else None
    while address is not None and hops and any(address in network for network in trusted):
        before = _read(hops.pop())
        if before is None:
            break
        address = before
    return str(address) if address is not None else ""


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip
