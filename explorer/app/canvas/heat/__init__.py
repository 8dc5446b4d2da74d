"""Cards painted by a quantity: gradients, updates, dead units, time, memory."""
