"""The course as a book: the notebooks with their outputs, and the pages around them, by Sphinx."""
