"""SmolLM2's kind of model is what PyTorch computes with the same weights, read from a file."""

import struct

import numpy as np
import pytest
import torch
from weight_writers import gguf, note, text

from weighted_sums.attention import Attention
from weighted_sums.pretrained import smollm
from weighted_sums.pretrained.weight_files import Weights
from weighted_sums.variants import SwiGLU

TOKENS, WIDTH, NEURONS, HEADS, SHARED, DIM, LAYERS, PLACES = 11, 12, 17, 6, 2, 4, 2, 7
BASE, EPS = 100.0, 1e-5


def random_model(dtype=np.float64):
    rng = np.random.default_rng(0)

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    def block():
        q, k, v = (draw(heads, DIM, WIDTH) for heads in (HEADS, SHARED, SHARED))
        gated = SwiGLU(draw(NEURONS, WIDTH), draw(NEURONS, WIDTH), draw(WIDTH, NEURONS))
        attention = Attention(q, k, v, draw(HEADS, WIDTH, DIM))
        return smollm.LlamaBlock(draw(WIDTH), attention, draw(WIDTH), gated)

    blocks = [block() for _ in range(LAYERS)]
    return smollm.Llama(draw(TOKENS, WIDTH), blocks, draw(WIDTH), BASE, EPS)


@pytest.fixture
def tokens():
    return np.random.default_rng(1).integers(TOKENS, size=PLACES)


def torch_logits(tokens, model):
    functional = torch.nn.functional

    def norm(x, gain):
        return functional.rms_norm(x, (WIDTH,), torch.tensor(gain), eps=EPS)

    def turned(x):
        pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2).contiguous())
        speeds = BASE ** (-torch.arange(0, DIM, 2, dtype=torch.float64) / DIM)
        angles = torch.arange(len(tokens), dtype=torch.float64)[:, None] * speeds
        return torch.view_as_real(pairs * torch.polar(torch.ones_like(angles), angles)).flatten(-2)

    x = torch.tensor(model.embedding)[torch.tensor(tokens)]
    for block in model.blocks:
        asked = norm(x, block.norm_1)
        down = map(torch.tensor, block.attention[:3])
        q, k, v = (torch.einsum("hdw,pw->hpd", W, asked)[None] for W in down)
        found = functional.scaled_dot_product_attention(
            turned(q), turned(k), v, is_causal=True, enable_gqa=True
        )[0]
        x = x + torch.einsum("hpd,hwd->pw", found, torch.tensor(block.attention.O))
        asked = norm(x, block.norm_2)
        gate, up, down = map(torch.tensor, block.mlp)
        x = x + (functional.silu(asked @ gate.T) * (asked @ up.T)) @ down.T
    return norm(x, model.norm) @ torch.tensor(model.embedding).T


def test_logits_are_torchs(tokens):
    model = random_model()
    wanted = torch_logits(tokens, model)
    np.testing.assert_allclose(smollm.logits(tokens, model), wanted, rtol=1e-10, atol=1e-10)


def test_the_next_logits_are_those_of_the_last_place(tokens):
    model = random_model()
    found = smollm.next_logits(tokens, model)
    np.testing.assert_allclose(found, smollm.logits(tokens, model)[-1], rtol=1e-12)


def test_the_future_cannot_leak(tokens):
    model = random_model()
    before = smollm.logits(tokens, model)
    tokens[-1] = (tokens[-1] + 1) % TOKENS
    np.testing.assert_array_equal(smollm.logits(tokens, model)[:-1], before[:-1])


def test_a_silenced_head_is_one_whose_output_matrix_is_zero(tokens):
    model = random_model()
    found = smollm.logits(tokens, model, ablate=[(1, 4)])
    model.blocks[1].attention.O[4] = 0
    np.testing.assert_allclose(found, smollm.logits(tokens, model), rtol=1e-12)


def test_a_trace_holds_the_stream_before_and_behind_every_block(tokens):
    model = random_model()
    _, trace = smollm.forward(tokens, model)
    assert len(trace.streams) == LAYERS + 1
    np.testing.assert_array_equal(trace.streams[0], model.embedding[tokens])
    assert [p.shape for p in trace.patterns] == [(HEADS, PLACES, PLACES)] * LAYERS


def arrays_of(model):
    """The arrays of `model` as a GGUF file names them."""
    arrays = {"token_embd": model.embedding, "output_norm": model.norm}
    for i, block in enumerate(model.blocks):
        a = block.attention
        arrays |= {
            f"blk.{i}.attn_norm": block.norm_1,
            f"blk.{i}.attn_q": a.Q.reshape(-1, WIDTH),
            f"blk.{i}.attn_k": a.K.reshape(-1, WIDTH),
            f"blk.{i}.attn_v": a.V.reshape(-1, WIDTH),
            f"blk.{i}.attn_output": np.hstack(list(a.O)),
            f"blk.{i}.ffn_norm": block.norm_2,
            f"blk.{i}.ffn_gate": block.mlp.gate,
            f"blk.{i}.ffn_up": block.mlp.up,
            f"blk.{i}.ffn_down": block.mlp.down,
        }
    return arrays


def written(path, model, kind=b"llama", more=(), extra=(), without=None):
    """Write `model` as a GGUF file of plain float32 arrays."""
    sizes = {
        b"block_count": LAYERS,
        b"attention.head_count": HEADS,
        b"attention.head_count_kv": SHARED,
    }
    numbers = {b"rope.freq_base": BASE, b"attention.layer_norm_rms_epsilon": EPS}
    notes = [
        note(b"general.architecture", 8, text(kind)),
        *(note(b"llama." + name, 4, struct.pack("<I", n)) for name, n in sizes.items()),
        *(note(b"llama." + name, 6, struct.pack("<f", x)) for name, x in numbers.items()),
    ]
    entries = [
        (f"{name}.weight".encode(), array.shape[::-1], 0, np.asarray(array, "<f4").tobytes())
        for name, array in arrays_of(model).items()
        if name != without
    ]
    path.write_bytes(gguf([*entries, *extra], [*notes, *more]))
    return Weights(path)


def test_a_model_is_read_from_its_file(tmp_path, tokens):
    model = random_model(np.float32)
    found = smollm.from_gguf(written(tmp_path / "small.gguf", model))
    np.testing.assert_array_equal(smollm.logits(tokens, found), smollm.logits(tokens, model))


def test_a_file_with_another_kind_of_model_is_refused_by_name(tmp_path):
    weights = written(tmp_path / "small.gguf", random_model(np.float32), kind=b"mamba")
    with pytest.raises(ValueError, match=r"small\.gguf holds a model of kind 'mamba'"):
        smollm.from_gguf(weights)


@pytest.mark.parametrize("name", ["blk.0.attn_q.bias", "rope_freqs.weight", "output.weight"])
def test_a_file_with_more_than_the_model_is_refused(tmp_path, name):
    extra = [(name.encode(), (3,), 0, np.ones(3, "<f4").tobytes())]
    weights = written(tmp_path / "small.gguf", random_model(np.float32), extra=extra)
    with pytest.raises(ValueError, match=rf"small\.gguf holds 1 arrays that no part .*'{name}'"):
        smollm.from_gguf(weights)


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (note(b"split.count", 2, struct.pack("<H", 3)), "is one of 3 parts of a model"),
        (note(b"llama.rope.scaling.type", 8, text(b"yarn")), "with the scaling 'yarn'"),
        (note(b"llama.rope.dimension_count", 4, struct.pack("<I", 2)), "turns 2 of 4 coordinates"),
    ],
)
def test_a_file_that_says_more_than_the_model_knows_is_refused(tmp_path, more, complaint):
    weights = written(tmp_path / "small.gguf", random_model(np.float32), more=[more])
    with pytest.raises(ValueError, match=rf"small\.gguf {complaint}|small\.gguf .*{complaint}"):
        smollm.from_gguf(weights)


def test_what_is_missing_is_named(tmp_path):
    path = tmp_path / "small.gguf"
    weights = written(path, random_model(np.float32), without="blk.1.ffn_up")
    with pytest.raises(ValueError, match=r"small\.gguf has no array 'blk\.1\.ffn_up\.weight'"):
        smollm.from_gguf(weights)
    weights = written(path, random_model(np.float32))
    del weights.about["llama.rope.freq_base"]
    with pytest.raises(
        ValueError, match=r"small\.gguf does not say what llama\.rope\.freq_base is"
    ):
        smollm.from_gguf(weights)


@pytest.mark.usefixtures("without_shape_checks")
def test_tokens_and_heads_that_there_are_not_are_refused():
    model = random_model()
    for wrong in ([], [-1], [TOKENS], [0.5], [[1, 2]]):
        with pytest.raises(ValueError, match="token"):
            smollm.logits(wrong, model)
    for head in ((LAYERS, 0), (0, HEADS), (-1, 0)):
        with pytest.raises(ValueError, match="s to be silenced must lie in"):
            smollm.logits([1], model, ablate=[head])
