"""Layers of PyTorch: a Module or an autograd Function becomes two functions on arrays.

torch is imported only where the layer handed over comes from it.
"""

import sys

import numpy as np

from ..patient.session import Subject


def as_subject(layer, backward) -> Subject | None:
    """A Subject for a Module, a Module's class or an autograd Function; None for everything else."""
    torch = sys.modules.get("torch")
    if torch is None or backward is not None:
        return None
    kind = layer if isinstance(layer, type) else type(layer)
    if issubclass(kind, torch.autograd.Function):
        return _named(Subject(_from_function(torch, layer)), kind)
    if issubclass(kind, torch.nn.Module):
        return _named(Subject(_module_class(torch, layer)), kind)
    return None


def _named(subject, kind):
    subject.name = kind.__name__
    return subject


def _leaf(torch, array):
    return torch.tensor(np.ascontiguousarray(array), dtype=torch.float64, requires_grad=True)


def _from_function(torch, function):
    """A factory for Function.apply(X, K, b), with stride and padding where it takes them."""

    class FunctionLayer:
        """The Function as a layer with forward and backward on arrays."""

        def __init__(self, K, b, stride, pad):
            self.K, self.b, self.settings = K, b, (stride, pad)

        def forward(self, X):
            self.tensors = [_leaf(torch, a) for a in (X, self.K, self.b)]
            tries = [
                (self.tensors, self.settings),
                (self.tensors, ()),
                (self.tensors[:2], self.settings),
                (self.tensors[:2], ()),
            ]
            for tensors, extra in tries:
                try:
                    self.Z = function.apply(*tensors, *extra)
                    break
                except (TypeError, ValueError) as error:
                    problem = error
            else:
                raise problem
            return self.Z.detach().numpy().copy()

        def backward(self, delta):
            self.Z.backward(torch.tensor(delta, dtype=self.Z.dtype))
            found = [None if t.grad is None else t.grad.numpy().copy() for t in self.tensors]
            return found[0], found[1], found[2]

    return FunctionLayer


def _module_class(torch, layer):
    """A class whose parameters are arrays, for a Module's class or a Module that is there already."""
    import copy

    class ModuleLayer:
        """The Module as a layer whose weights are arrays."""

        def __init__(self, *args, **kwargs):
            made = layer(*args, **kwargs) if isinstance(layer, type) else copy.deepcopy(layer)
            self.module = made.double()
            vars(self).update({name: getattr(made, name) for name in ("stride", "padding") if hasattr(made, name)})
            self.weights = {
                name.replace(".", "_"): p.detach().numpy() for name, p in self.module.named_parameters()
            }

        def forward(self, X):
            self.X = _leaf(torch, X)
            self.Z = self.module(self.X)
            return self.Z.detach().numpy().copy()

        def backward(self, delta):
            self.module.zero_grad()
            self.Z.backward(torch.tensor(delta, dtype=self.Z.dtype))
            self.grads = {
                name.replace(".", "_"): p.grad.numpy().copy()
                for name, p in self.module.named_parameters()
                if p.grad is not None
            }
            return None if self.X.grad is None else self.X.grad.numpy().copy()

    if isinstance(layer, type):
        import inspect

        ModuleLayer.__signature__ = inspect.signature(layer)
        return ModuleLayer
    return ModuleLayer()
