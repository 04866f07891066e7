"""Finding out how a layer is called: its forward pass, its weights, its backward pass, its rate."""
