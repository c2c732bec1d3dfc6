"""What leaves for clinics: a process of its own takes what is waiting and sends it."""
