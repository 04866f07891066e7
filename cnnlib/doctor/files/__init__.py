"""Somebody's file: its definitions as a module, what it imports, and which of its layers is meant."""
