"""Layers for the doctor: written by hand without its catalogue, and generated from it."""
