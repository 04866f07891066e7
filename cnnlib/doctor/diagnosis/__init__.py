"""Which mistake is it?  The one whose formula predicts every wrong cell in every setting where the layer ran.

One mistake is tried first, then one with a factor or with weight decay, one or two that show in some settings,
pairs, and at last up to four at once, setting by setting. A mistake is never named on a mere resemblance. What
explains some settings only is told with those settings, and is no diagnosis. A mistake that makes the backward pass
fail is recognised by the settings in which it does.

single, sizes, apart, columns, pairs, isolated: the ways to explain numbers · naming: in which order · pieces:
some of the settings, images or maps by themselves · explaining: in which settings, and for which forward pass ·
shared: what a gradient has of a wrong forward pass · crashes: a backward pass that fails · squares: a layer for
square images ·
conventions: what is right though its numbers differ · finding: the verdict on one part of a layer.
"""
