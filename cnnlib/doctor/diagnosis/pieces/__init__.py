"""Explanations in pieces: of some settings only, and of each image, map or channel by itself.

partly: which settings an explanation reaches, and where something is left · shares: factors of images, maps and
channels · telling: what the report says of them.
"""
