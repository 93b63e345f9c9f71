"""Models that others have trained: their files, their tokenizers, their architectures."""
