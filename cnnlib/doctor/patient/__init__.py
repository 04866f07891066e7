"""The patient: somebody else's layer, made to run in any case by a description of how it is called.

A case (:class:`..settings.Case`) has arrays in our order; a plan (:mod:`.plan`) says what the layer is handed for
them, and where its output and its gradients are found.
"""
