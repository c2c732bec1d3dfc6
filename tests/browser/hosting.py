"""Web sites of other people: folders served from an origin of their own, under the strictest policy that lets a page hold our frame."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "embed"


@contextmanager
def hosting(folder: Path, service: str, host: str = "localhost") -> Iterator[str]:
    """The origin of a site that shows a folder; where its pages say 127.0.0.1:8000 they mean `service`."""
    policy = f"default-src 'none'; script-src 'self' {service}; style-src 'self'; frame-src *; img-src 'self'"

    class Site(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            path = folder / (self.path.partition("?")[0].strip("/") or "index.html")
            body = path.read_text(encoding="utf-8").replace("http://127.0.0.1:8000", service).encode() if path.is_file() else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", self.guess_type(str(path)))
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer((host, 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{host}:{server.server_port}"
        server.shutdown()
        thread.join()
