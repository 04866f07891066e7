"""The explorers of the notebooks; an explorer with helpers has a folder of its own."""
