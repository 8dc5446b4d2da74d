"""Backprop Explorer: draw a net, see it compiled to forward/backward calls, train it, step it."""
