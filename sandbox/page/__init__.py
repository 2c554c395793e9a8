"""The workspace in a browser: drawn here, kept live by a little JavaScript."""

from sandbox.page.doors import routes

__all__ = ["routes"]
