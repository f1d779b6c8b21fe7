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


def usual_limits(function):
    """Not in hostile builds: says more at once than such a node has credit and streams for, or looks for a word that it
    sends in pieces. Both are numbers that nodes agree on (channel_default_limits)."""
    function.usual_limits = True
    return function
