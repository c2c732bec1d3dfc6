"""What a person sees in a browser; works without script wherever the page is ours."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
