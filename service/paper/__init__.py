"""What a person takes along: the guidance on paper, and the sessions in a calendar."""
