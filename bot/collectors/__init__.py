"""Tables from outside, one table a file: a thin fetch and a pure parse."""
