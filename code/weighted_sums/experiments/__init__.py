"""Runs whose results the chapters show: races, probes, minutes of training, several processes."""
