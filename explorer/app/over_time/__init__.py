"""The panel that shows how each layer fares over the steps of a run."""
