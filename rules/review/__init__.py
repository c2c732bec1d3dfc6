"""What a clinician has still to confirm, in lines that read aloud."""
