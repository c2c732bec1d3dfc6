"""Findings and gates to a plan: which exercises suit, which of them together do most, with what dose."""
