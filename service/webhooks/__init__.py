"""What clinics hear of: events are written beside what they tell of, and delivered afterwards."""
