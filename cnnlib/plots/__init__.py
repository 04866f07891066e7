"""Arrays to pictures: colours and number formats, maps, line charts, figures.  Plain arrays in, so that every
picture serves notebook, slide and test alike.
"""
