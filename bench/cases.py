"""All cases that `make bench` measures, in the order of the report."""

from __future__ import annotations

from bench import (
    attention,
    autodiff_step,
    convolution,
    epochs,
    gpt,
    gradients,
    name_step,
    next_token,
)

CASES = (
    epochs.EPOCH,
    attention.FORWARD,
    attention.BACKWARD,
    gpt.STEP,
    next_token.NEXT_TOKEN,
    autodiff_step.AUTODIFF_STEP,
    name_step.NAME_STEP,
    gradients.GRADIENT,
    convolution.CONVOLUTION,
)
