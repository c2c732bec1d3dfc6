"""What shows only when the files of a pack are read together. Each module checks one kind of content."""
