"""Evidence: what each rule decides, how much all of it weighs for an imbalance, and which findings follow."""
