"""Figures: a module for each chapter. They draw results and compute nothing."""
