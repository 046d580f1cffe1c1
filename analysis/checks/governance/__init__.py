"""Checks on the bill and the account itself: what nobody owns, guards or expected; notices, which save by acting."""
