import http.client

from dev.launcher.service import Service

_ANSWER_SECONDS = 1.0


def is_ready(service: Service) -> bool:
    """Ask the service once whether it can work: 200 at `/readyz`."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
