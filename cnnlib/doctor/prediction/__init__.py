"""The numbers that a layer with certain mistakes would give, and sketches of them that rule out most mistakes."""
