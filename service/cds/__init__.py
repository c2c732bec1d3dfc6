"""CDS Hooks 2.0: what a clinic's own record system shows of a self-assessment while a patient's chart is open."""
