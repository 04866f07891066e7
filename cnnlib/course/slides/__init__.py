"""Hand-out decks: each notebook as one HTML file that needs nothing else."""
