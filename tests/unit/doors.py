"""Finds the public functions of the package that take arrays, and makes arguments for each of them.

The arguments follow from the annotations: an array for each shape, sizes by the names of the axes.
What no annotation says stands in `GIVEN`, by the name of the argument or of function and argument.
"""

import importlib
import inspect
import pkgutil
import re
import types
import typing
from typing import NamedTuple

import numpy as np

import weighted_sums
from weighted_sums import (
    blocks,
    convnets,
    convolution,
    data,
    generation,
    heads,
    lora,
    mixtures,
    networks,
    neurons,
    optimizers,
    transformer,
    variants,
)
from weighted_sums.experiments import order
from weighted_sums.pretrained import minilm, smollm

OTHERS = {"figures", "exercises", "interactive"}  # what draws, judges and packs
ONES = {"answer", "token", "vocab"}  # axes along which probabilities add up to one
SIZES = {
    "example": 5, "fan_in": 3, "fan_out": 2, "digit": 10, "class": 10, "pixel": 784, "token": 4,
    "vocab": 4, "width": 12, "d_model": 12, "position": 5,
    "head": 3, "dim": 4, "query": 3, "key": 5, "feature": 11, "template": 2, "edge": 3,
    "neuron": 13, "answer": 4, "pair": 6, "direction": 4, "side": 28, "all_dim": 12, "batch": 2,
    "d_head": 4, "d_concat": 12, "d_value": 4, "row": 5,
    "parameter": 8, "byte": 20, "block": 2, "later": 4, "expert": 3,
    "channel": 3, "column": 7, "kernel": 4, "high": 2, "wide": 3, "row_out": 4, "column_out": 5,
    "rank": 2,
}  # fmt: skip
NETWORK = networks.init_network([3, 2], np.random.default_rng(0), np.float64)
LAYER = heads.init_attention(12, 3, np.random.default_rng(0), np.float64)
MODEL = transformer.init_transformer(4, 9, 12, 3, 1, np.random.default_rng(0), np.float64)
BLOCK = MODEL.blocks[0]
X = np.random.default_rng(1).integers(0, 2, (2, 5, 12)).astype(float)
TOKENS = np.ones((2, 5), int)
ORDERED = order.init(4, 9, 12, np.random.default_rng(0))
ENCODER = minilm.Encoder(
    np.ones((4, 12)), np.ones((9, 12)), blocks.init_norm(12, np.dtype(float)), []
)
LATER = smollm.Llama(
    np.ones((4, 12)),
    [
        smollm.LlamaBlock(
            np.ones(12), LAYER, np.ones(12), variants.SwiGLU(*np.ones((2, 7, 12)), np.ones((12, 7)))
        )
    ],
    np.ones(12), 100.0, 1e-5,
)  # fmt: skip
MAPS = np.random.default_rng(2).standard_normal((2, 3, 8, 10))
CONVNET = convnets.init_convnet(np.random.default_rng(0), (1, 2), dtype=np.float64)
OF_CONVNETS = ("forward", "logits", "predict", "cost_and_gradient", "feature_maps", "occlusion")
EXPERTS = mixtures.init_experts(3, 13, 12, np.random.default_rng(0), float)
SPLIT = data.Digits(np.repeat(np.eye(10, 784), 2, axis=0), np.repeat(np.arange(10), 2))
GIVEN = {
    "rng": lambda: np.random.default_rng(0), "level": lambda: 0.25, "drop_rate": lambda: 0.25,
    "temperature": lambda: 1.0, "k": lambda: 2, "mass": lambda: 0.5, "count": lambda: 3,
    "steps": lambda: 2, "others": lambda: 1.0, "beta": lambda: 0.5, "pairs": lambda: 4,
    "dx": lambda: 1, "dy": lambda: 1, "base": lambda: 100.0, "steepness": lambda: 3.0,
    "network": lambda: NETWORK, "attention": lambda: LAYER, "block": lambda: BLOCK,
    "norm": lambda: BLOCK.norm_1, "up": lambda: BLOCK.up, "down": lambda: BLOCK.down,
    "model": lambda: MODEL, "activation": lambda: neurons.ACTIVATIONS["sigmoid"], "b": lambda: 1.0,
    "f": lambda: lambda x: float((x * x).sum()), "gradient": lambda: lambda x: 2 * x,
    "optimizer": lambda: optimizers.Momentum(0.1), "n_heads": lambda: 3, "train": lambda: SPLIT,
    "corner": lambda: (0.0, 0.0), "size": lambda: (1.0, 1.0), "layers": lambda: LAYERS,
    "cache": lambda: generation.KVCache(MODEL), "context": lambda: 3, "vocab_size": lambda: 4,
    "context_length": lambda: 3,
    "like": lambda: NETWORK, "shape": lambda: (5, 1),
    "layer": lambda: variants.SwiGLU(*np.ones((2, 7, 12)), np.ones((12, 7))),
    "backprop.previous_delta.W": lambda: np.ones((2, 3)),
    "backprop.deltas.a": lambda: networks.activations(NETWORK, np.ones((5, 3))),
    "attention.self_attention_backward.cache": lambda: attention_cache(),
    "attention.attention_pattern.cache": lambda: attention_cache(),
    "attention.projections_backward.cache": lambda: attention_cache(),
    "attention.projections_backward.dqkv": lambda: attention_cache()[1:4],
    "positions.rotary_attention_backward.cache": lambda: attention_cache(),
    "order.forward.model": lambda: ORDERED, "order.forward.kind": lambda: "rotary",
    "order.cost_and_gradient.model": lambda: ORDERED,
    "order.cost_and_gradient.kind": lambda: "rotary",
    "experts": lambda: EXPERTS, "bits": lambda: 4,
    "mixtures.mixture_backward.cache": lambda: mixtures.mixture(X[0], EXPERTS)[1],
    "masks.visible.causal": lambda: True, "masks.visible.mask": lambda: np.ones((3, 5), bool),
    "masks.visible.shape": lambda: (2, 3, 5),
    "blockwise.blockwise_attention_backward.dy": lambda: np.ones((2, 3, 4)),
    "blocks.layer_norm_backward.cache": lambda: blocks.layer_norm(X[0], BLOCK.norm_1)[1],
    "blocks.mlp_backward.cache": lambda: blocks.mlp(X[0], BLOCK.up, BLOCK.down)[1],
    "baselines.class_means.features": lambda: np.arange(30.0).reshape(10, 3),
    "baselines.class_means.labels": lambda: np.arange(10),
    "regularization.dropout.drop_rate": lambda: 0,
    "blocks.block_backward.cache": lambda: blocks.block_forward(X, BLOCK)[1],
    "transformer.backward.cache": lambda: transformer.forward(MODEL, TOKENS)[1],
    "minilm.hidden_states.model": lambda: ENCODER,
    "smollm.forward.model": lambda: LATER, "smollm.logits.model": lambda: LATER,
    "smollm.next_logits.model": lambda: LATER, "senses.analogies.model": lambda: "a model",
    "senses.analogies.names": lambda: list("abcd"),
    "repetition.losses.logits": lambda: np.ones((5, 4)),
    "first": lambda: 2, "length": lambda: 3,
    "lora.adapter_backward.adapter": lambda: lora.Adapter(np.ones((2, 3)), np.ones((2, 2))),
    "lora.cost_and_gradient.adapters": lambda: lora.init_adapters(
        MODEL, 2, np.random.default_rng(0)
    ),
    "tasks.masked_accuracy.logits": lambda: np.ones((2, 5, 4)),
    "tasks.masked_accuracy.targets": lambda: np.ones((2, 5), int),
    "tasks.masked_targets.sequence": lambda: np.ones((2, 5), int),
    "tasks.masked_targets.first": lambda: 1,
    "front.signals.network": lambda: networks.init_network(
        [784, 3, 2], np.random.default_rng(0), np.float64
    ),
    "gguf.dequantize_q8_0.blocks": lambda: np.ones((2, 34), np.uint8),
    "convolution.convolve_backward.cache": lambda: conv_cache(),
    "convolution.kernel_backward.cache": lambda: conv_cache(),
    "convolution.max_pool.size": lambda: 2,
    "convolution.max_pool_backward.cache": lambda: convolution.max_pool(MAPS, 2)[1],
    **{f"convnets.{f}.network": lambda: CONVNET for f in OF_CONVNETS},
    "convnets.occlusion.label": lambda: 3, "convnets.occlusion.size": lambda: 25,
}  # fmt: skip
LAYERS = [networks.Layer(np.ones((2, 1)), np.ones(2)), networks.Layer(np.ones((1, 2)), np.ones(1))]
# what takes arrays by the name, and is tried elsewhere
ELSEWHERE = {
    "parameters.rebuild", "checks.match_parameters", "headers.check_coverage", "gpt2.from_arrays",
    "minilm.from_arrays", "shakespeare_run.run", "shakespeare_run.average_loss",
    "universality.staircase", "longer_run.run", "quantisation.quantise", "scaling.run",
    "scaling.best_rate", "scaling.grid", "modern_parts.measure", "modern_parts.fit",
    "modern_parts.trained", "modern_parts.busiest", "modern_parts.compare",
    "modern_parts.rounding", "precision.gradient", "precision.train", "precision.bfloat16",
    "precision.float16", "modern.forward", "modern.cost", "modern.cost_and_gradient",
    "modern_blocks.norm_forward", "modern_blocks.norm_backward", "modern_blocks.feed_forward",
    "modern_blocks.feed_forward_backward", "modern_blocks.after_attention",
    "modern_blocks.block_forward", "modern_blocks.block_backward",
    "finetuning.runs", "finetuning.text_loss", "verified.rewards", "verified.imitate",
    "verified.all_rows", "verified.exact_gradient", "verified.sampled_gradient",
    "verified.success", "verified.improve", "lora.with_matrices",
}  # fmt: skip


def attention_cache():
    from weighted_sums import attention

    return attention.self_attention(X, LAYER)[1]


def conv_cache():
    images = np.random.default_rng(3).integers(0, 2, (2, 3, 5, 7)) * 1.0
    return convolution.convolve(images, np.ones((4, 3, 2, 3)), np.ones(4))[1]


class Door(NamedTuple):
    """A public function, and what its annotations say of each of its arguments."""

    name: str
    function: typing.Callable
    hints: dict

    def arrays(self, *kinds):
        """The names of the arguments that are arrays of these kinds, with their axes."""
        found = {p: array_of(hint) for p, hint in self.hints.items()}
        return {p: a.dim_str for p, a in found.items() if a is not None and kind_of(a) in kinds}

    def arguments(self, values="whole"):
        """An argument for each that has no default; `values` are whole numbers or quarters."""
        parameters_ = inspect.signature(self.function).parameters.values()
        return {p.name: argument(self, p.name, values) for p in parameters_ if p.default is p.empty}


def doors(modules=None):
    """All public functions that take arrays."""
    found = []
    for module in modules or every_module():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            hints = typing.get_type_hints(function)
            hints.pop("return", None)
            door = Door(f"{module.__name__.split('.')[-1]}.{name}", function, hints)
            if any("ndarray" in str(h) or hasattr(h, "dim_str") for h in hints.values()):
                found.append(door)
    return [door for door in found if door.name not in ELSEWHERE]


def every_module():
    """The modules of the ideas and of all wings that compute: neither figures nor exercises."""
    found = pkgutil.walk_packages(weighted_sums.__path__, "weighted_sums.")
    names = [m.name for m in found if not m.ispkg and not OTHERS.intersection(m.name.split("."))]
    return [importlib.import_module(name) for name in names]


def array_of(hint):
    """The annotated array in a hint, alone or the first of several that may be given."""
    if hasattr(hint, "dim_str"):
        return hint
    if typing.get_origin(hint) not in (None, typing.Union, types.UnionType):
        return None
    return next((a for a in typing.get_args(hint) if hasattr(a, "dim_str")), None)


def kind_of(array):
    return re.match(r"\w+", array.__name__).group()


def argument(door, name, values):
    if (given := GIVEN.get(f"{door.name}.{name}")) is not None:
        return given()
    array = array_of(door.hints[name])
    if array is None:
        assert name in GIVEN, f"say in doors.GIVEN what {door.name} may get as {name}"
        return GIVEN[name]()
    return made(kind_of(array), array.dim_str, values)


def made(kind, axes, values):
    """An array of a kind and these axes, of zeros and ones or of quarters below one."""
    shape = shape_of(axes)
    if kind in ("Int", "UInt8"):
        return np.ones(shape, np.uint8 if kind == "UInt8" else int)
    if kind == "Bool":
        return np.ones(shape, bool)
    if axes in ONES:
        return np.full(shape, 0.25) if values == "quarters" else np.eye(shape[0])[1]
    rng = np.random.default_rng(len(axes))
    return (
        rng.integers(1, 4, shape) / 4 if values == "quarters" else rng.integers(0, 2, shape) * 1.0
    )


def shape_of(axes):
    if axes == "...":
        return (5, 7)
    return tuple(int(a) if a.isdigit() else SIZES[a.strip("*# ")] for a in axes.split())


def numbers_in(result):
    """All numbers in a result, as one long vector in double precision."""
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, list | tuple):
        parts = [numbers_in(part) for part in result]
        return np.concatenate([*parts, np.zeros(0)])
    if hasattr(result, "__next__"):
        return numbers_in(list(result))
    if isinstance(result, np.ndarray | np.generic | int | float):
        return np.ravel(np.asarray(result, np.float64))
    return np.zeros(0)
