"""This book's programs beside other libraries' that do the same work, measured in one run."""

# glibc gives memory back after a step of training and gets it again, page by page, in the next
# one. All measured processes keep this many bytes, whichever library runs in them.
KEPT = {"MALLOC_TOP_PAD_": str(2**26)}
