"""The sigmoid as a letter: σ(z) and σ′(z) stay readable while SymPy differentiates.

* ``sigma(z).diff(z)``: σ′(z)
* ``sigma_prime(z).rewrite(sigma)``: σ(z)(1 − σ(z)): the slope in terms of the output
* ``sigma(z).rewrite(exp)``: 1/(1 + e^−z): the definition
"""

from sympy import Expr, Function, exp


class sigma(Function):  # noqa: N801
    """The sigmoid, σ(z) = 1/(1 + e^−z)."""

    nargs = 1

    def fdiff(self, argindex=1):
        return sigma_prime(self.args[0])

    def _eval_rewrite_as_exp(self, z, **_):
        return 1 / (1 + exp(-z))

    def _latex(self, printer, exp=None):
        return _printed(printer, r"\sigma", self.args[0], exp)


class sigma_prime(Function):  # noqa: N801
    """The slope of the sigmoid at z. With a = σ(z) it is a(1 − a)."""

    nargs = 1

    def _eval_rewrite_as_sigma(self, z, **_):
        return sigma(z) * (1 - sigma(z))

    def _eval_rewrite_as_exp(self, z, **_):
        return exp(-z) / (1 + exp(-z)) ** 2

    def _latex(self, printer, exp=None):
        return _printed(printer, r"\sigma'", self.args[0], exp)


def _printed(printer, letter: str, argument: Expr, power) -> str:
    printed = rf"{letter}({printer._print(argument)})"
    return printed if power is None else rf"\left({printed}\right)^{{{power}}}"
