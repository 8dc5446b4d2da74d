"""Live pictures below cards: what flows out of each node, and how large its gradient is."""

from explorer.app.canvas.pictures.show import PictureShow

__all__ = ["PictureShow"]
