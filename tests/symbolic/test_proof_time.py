"""The proof for symbolic sizes is quick enough to be run in a lecture."""

import time

import cnnlib.symbolic as sym


def test_every_proof_for_symbolic_sizes_takes_less_than_ten_seconds_together():
    started = time.process_time()
    for prove in (sym.prove_input_gradient, sym.prove_kernel_gradient):
        for operation in ("correlation", "convolution"):
            for dimensions in (1, 2):
                for channels in (False, True):
                    assert prove(dimensions, channels, operation).holds
    assert time.process_time() - started < 10
