"""How each layer fares over the steps of a run: gradients, updates, activations, dead units."""

from explorer.training.monitoring.measures import LayerMeasures, Measured, measure
from explorer.training.monitoring.monitor import Monitor
from explorer.training.monitoring.record import Quantity, Record

__all__ = ["LayerMeasures", "Measured", "Monitor", "Quantity", "Record", "measure"]
