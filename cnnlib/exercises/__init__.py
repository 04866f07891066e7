"""The exercises of the course, one module a notebook: ``nb04.input_gradient_at.check(my_function)``.

Each is declared with its cases, the right answer, the mistakes that are known by name, and its hints; see
:mod:`cnnlib.exercises.exercise`.  An exercise asks for something that no cell of its notebook contains.
"""
