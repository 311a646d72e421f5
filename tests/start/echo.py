"""A page of no portal, and the portal's worker in a hurry: what the worker does is tried on them."""

from qingchun import serving

serving.PATIENCE, serving.UNREAD, serving.PACE = 2, 1, 1_000_000


class Hasty(serving.Worker):
    pass


def page(environ, start_response):
    """Says what it was sent; or more than anybody's buffers hold."""
    if environ["PATH_INFO"] == "/film":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iter([b"x" * 1_000_000] * 50)
    body = environ["wsgi.input"].read()
    said = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {len(body)}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))])
    return [said]
