"""Small pictures of what flows while a net trains, and how large its gradients are."""

from explorer.training.pictures.camera import Camera
from explorer.training.pictures.gauges import Gauge
from explorer.training.pictures.kinds import (
    Histogram,
    NodePicture,
    Number,
    Picture,
    Pictures,
    Scatter,
    Tiles,
)

__all__ = [
    "Camera",
    "Gauge",
    "Histogram",
    "NodePicture",
    "Number",
    "Picture",
    "Pictures",
    "Scatter",
    "Tiles",
]
