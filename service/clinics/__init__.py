"""Clinics: who they are, their keys, whom they invite, and what was done in their name. One function is part of one transaction."""
