"""Training a program: devices, optimizers, metrics, what a run tells and what it leaves."""

from explorer.training.checkpoint import load_weights, save_weights
from explorer.training.devices import Device, DeviceError
from explorer.training.events import EpochRow, Event, Progress, Started, State, StateChanged
from explorer.training.faults import TrainingError
from explorer.training.history import Result
from explorer.training.job import Job
from explorer.training.monitoring import Measured, Monitor
from explorer.training.observer import Observer
from explorer.training.pictures import Camera, Pictures
from explorer.training.profiling import Profile, Profiling, profile
from explorer.training.replay import Replay
from explorer.training.snapshots import Kept
from explorer.training.standing import Standing
from explorer.training.trainer import ADJUSTABLE, Trainer

__all__ = [
    "ADJUSTABLE",
    "Camera",
    "Device",
    "DeviceError",
    "EpochRow",
    "Event",
    "Job",
    "Kept",
    "Measured",
    "Monitor",
    "Observer",
    "Pictures",
    "Profile",
    "Profiling",
    "Progress",
    "Replay",
    "Result",
    "Standing",
    "Started",
    "State",
    "StateChanged",
    "Trainer",
    "TrainingError",
    "load_weights",
    "profile",
    "save_weights",
]
