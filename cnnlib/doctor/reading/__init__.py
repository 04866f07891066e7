"""What the code of a layer says of its parameters by what it does with them, whatever they are called."""
