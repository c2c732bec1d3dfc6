"""What comes after the guidance: other answers, a second assessment, newer content, the weekly check-in."""
