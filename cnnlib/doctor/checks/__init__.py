"""What is asked of a layer beside its gradients: that enough settings ran, what it does to the caller's arrays,
which function of X ⋆ K + b its output is, and whether its forward pass ends by accident."""
