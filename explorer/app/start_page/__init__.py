"""The start page: recent work and the starter graphs as pictures, in the place of the canvas."""

from explorer.app.start_page.place import Middle

__all__ = ["Middle"]
