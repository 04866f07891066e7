"""The known mistakes, each as a formula that predicts its wrong numbers: one module for each stage of a layer.

forward: the forward pass · deltas, windows: what is read of delta · kernels: the kernel on the way to dX, its turn
first of all · placing, cropping: where the products go · kernel_gradient, kernel_sums: dK · biases: db ·
results: what happens to a gradient afterwards · pooling: the layers without a kernel · failing: a backward pass
that raises in some settings · catalogue: all of them.
"""
