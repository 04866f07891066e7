"""Mistakes built as a product of choices: which array, which order of axes, which index, which sum, which formula.

Each choice has its own words, which are said after the mistake's sentence.
"""
