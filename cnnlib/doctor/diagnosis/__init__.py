"""Which mistake is it?  The one whose formula predicts every wrong cell in every setting where the layer ran.

One mistake is tried first, then one with a constant factor, two that show in different settings, and pairs.
A mistake is never named on a mere resemblance.  One that makes the backward pass fail is recognised by the settings
in which it does.

single, apart, pairs: the ways to explain numbers · naming: in which order · crashes: a backward pass that fails ·
conventions: what is right though its numbers differ · finding: the verdict on one part of a layer.
"""
