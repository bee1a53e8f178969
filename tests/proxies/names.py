"""A plug-in of the HTTP proxy's own process: where names that end in ``.test`` lead."""

from proxy.http.proxy import HttpProxyBasePlugin

from tests.proxies.servers import resolved


class TestNames(HttpProxyBasePlugin):
    def resolve_dns(self, host: str, port: int) -> tuple[str | None, tuple[str, int] | None]:
        """The address for a host, None where the system is to be asked."""
        address = resolved(host)
        return (address if address != host else None), None
