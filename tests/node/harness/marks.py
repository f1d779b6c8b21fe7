"""Marks of tests, as decorators."""


def long(function):
    """Takes minutes: runs with --long only."""
    function.long = True
    return function


def alone(function):
    """Measures time, or loads the machine: runs when no other test does."""
    function.alone = True
    return function


def heavy(function):
    """Not in sanitizer and hostile builds."""
    function.heavy = True
    return function
