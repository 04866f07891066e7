"""The doctor on layers of PyTorch: its own modules are right, an autograd Function without the turn is named."""

import torch
from torch.nn import functional

from cnnlib import doctor


class WithoutTurn(torch.autograd.Function):
    """A convolution whose dX gathers with the kernel as it is."""

    @staticmethod
    def forward(ctx, X, K, b):
        ctx.save_for_backward(X, K)
        return functional.conv2d(X, K, b)

    @staticmethod
    def backward(ctx, delta):
        X, K = ctx.saved_tensors
        dX = functional.conv2d(delta, K.transpose(0, 1), padding=K.shape[2] - 1)
        return dX, torch.nn.grad.conv2d_weight(X, K.shape, delta), delta.sum((0, 2, 3))


def check_doctor() -> int:
    """How many verdicts are not what they have to be; each is printed."""
    wrong = 0
    for module in (torch.nn.Conv2d, torch.nn.Linear, torch.nn.Conv2d(2, 3, 3, stride=2, padding=1)):
        report = doctor.examine(module, show=False)
        print(f"    {report!r}")
        wrong += not report
    report = doctor.examine(WithoutTurn, X="NCHW", K="OIHW", show=False)
    print(f"    {report!r}: {report['dX'].mistake}")
    return wrong + (report["dX"].mistake != "no_turn" or report["dK"].verdict != "right")
