"""What every program needs and no chapter explains: files, checks, recorded tables, progress."""
