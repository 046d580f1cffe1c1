"""Prices: of units on the bill and on the lists, AWS's own list read and repaired, rates of commitments."""
