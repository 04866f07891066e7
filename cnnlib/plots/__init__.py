"""Arrays to pictures: colours and number formats, maps, line charts, figures.  All take plain arrays, so that
notebooks, slides and tests can use every picture.
"""
