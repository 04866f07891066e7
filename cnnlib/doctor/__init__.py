"""The gradient doctor: examines your own convolution, and names the mistake that it has::

    from cnnlib import doctor
    doctor.examine(conv_forward, conv_backward)                    two functions
    doctor.examine(MyConv, X="NHWC", K="HWIO", gradients="step")   a class that updates its weights in backward
    doctor.examine(MyConv, gradients=("dW", "db"), guess=True)     what is not given is found out, and printed

Your layer is run in a dozen settings and compared with central differences of its own forward pass.  A mistake is
named only if its formula predicts every wrong number in every setting.

:mod:`.examine` has the entry points, :mod:`.patient` calls your code, :mod:`.examination` compares,
:mod:`.mistakes`, :mod:`.prediction` and :mod:`.diagnosis` name the mistake.
"""

from .examine import assert_right, examine
from .mistakes.catalogue import CATALOGUE
from .patient.plan import DescriptionError
from .report import Report
from .settings import CONV as SETTINGS

__all__ = ["CATALOGUE", "SETTINGS", "DescriptionError", "Report", "assert_right", "examine"]
