"""This book's programs beside other libraries' that do the same work, measured in one run."""
