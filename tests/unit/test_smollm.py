"""SmolLM2's architecture computes what PyTorch does with the same weights, also from a file."""

import struct

import numpy as np
import pytest
import torch
from weight_writers import gguf, note, text

from weighted_sums.heads import Attention
from weighted_sums.pretrained import smollm
from weighted_sums.pretrained.gguf import GGUFFile
from weighted_sums.variants import SwiGLU

TOKENS, D_MODEL, NEURONS, HEADS, GROUPS, D_HEAD, LAYERS, POSITIONS = 11, 12, 17, 6, 2, 4, 2, 7
BASE, EPS = 100.0, 1e-5


def random_model(dtype=np.float64):
    rng = np.random.default_rng(0)

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    def block():
        q, k, v = (draw(heads, D_HEAD, D_MODEL) for heads in (HEADS, GROUPS, GROUPS))
        gated = SwiGLU(draw(NEURONS, D_MODEL), draw(NEURONS, D_MODEL), draw(D_MODEL, NEURONS))
        attention = Attention(q, k, v, draw(HEADS, D_MODEL, D_HEAD))
        return smollm.LlamaBlock(draw(D_MODEL), attention, draw(D_MODEL), gated)

    blocks = [block() for _ in range(LAYERS)]
    return smollm.Llama(draw(TOKENS, D_MODEL), blocks, draw(D_MODEL), BASE, EPS)


@pytest.fixture
def tokens():
    return np.random.default_rng(1).integers(TOKENS, size=POSITIONS)


def torch_logits(tokens, model):
    functional = torch.nn.functional

    def norm(x, gain):
        return functional.rms_norm(x, (D_MODEL,), torch.tensor(gain), eps=EPS)

    def rotated(x):
        pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2).contiguous())
        frequencies = BASE ** (-torch.arange(0, D_HEAD, 2, dtype=torch.float64) / D_HEAD)
        angles = torch.arange(len(tokens), dtype=torch.float64)[:, None] * frequencies
        return torch.view_as_real(pairs * torch.polar(torch.ones_like(angles), angles)).flatten(-2)

    x = torch.tensor(model.embedding)[torch.tensor(tokens)]
    for block in model.blocks:
        normed = norm(x, block.norm_1)
        down = map(torch.tensor, block.attention[:3])
        q, k, v = (torch.einsum("hdw,pw->hpd", W, normed)[None] for W in down)
        update = functional.scaled_dot_product_attention(
            rotated(q), rotated(k), v, is_causal=True, enable_gqa=True
        )[0]
        x = x + torch.einsum("hpd,hwd->pw", update, torch.tensor(block.attention.W_o))
        normed = norm(x, block.norm_2)
        gate, up, down = map(torch.tensor, block.mlp)
        x = x + (functional.silu(normed @ gate.T) * (normed @ up.T)) @ down.T
    return norm(x, model.norm) @ torch.tensor(model.embedding).T


def test_logits_are_torchs(tokens):
    model = random_model()
    expected = torch_logits(tokens, model)
    np.testing.assert_allclose(smollm.logits(model, tokens), expected, rtol=1e-10, atol=1e-10)


def test_the_next_logits_are_those_of_the_last_position(tokens):
    model = random_model()
    found = smollm.next_logits(model, tokens)
    np.testing.assert_allclose(found, smollm.logits(model, tokens)[-1], rtol=1e-12)


def test_the_future_cannot_leak(tokens):
    model = random_model()
    before = smollm.logits(model, tokens)
    tokens[-1] = (tokens[-1] + 1) % TOKENS
    np.testing.assert_array_equal(smollm.logits(model, tokens)[:-1], before[:-1])


def test_an_ablated_head_is_one_whose_output_matrix_is_zero(tokens):
    model = random_model()
    found = smollm.logits(model, tokens, ablate=[(1, 4)])
    model.blocks[1].attention.W_o[4] = 0
    np.testing.assert_allclose(found, smollm.logits(model, tokens), rtol=1e-12)


def test_a_trace_holds_the_stream_before_and_after_every_block(tokens):
    model = random_model()
    _, trace = smollm.forward(model, tokens)
    assert len(trace.streams) == LAYERS + 1
    np.testing.assert_array_equal(trace.streams[0], model.embedding[tokens])
    assert [p.shape for p in trace.patterns] == [(HEADS, POSITIONS, POSITIONS)] * LAYERS


def arrays_of(model):
    """The arrays of `model` as a GGUF file names them."""
    arrays = {"token_embd": model.embedding, "output_norm": model.norm}
    for i, block in enumerate(model.blocks):
        a = block.attention
        arrays |= {
            f"blk.{i}.attn_norm": block.norm_1,
            f"blk.{i}.attn_q": a.W_q.reshape(-1, D_MODEL),
            f"blk.{i}.attn_k": a.W_k.reshape(-1, D_MODEL),
            f"blk.{i}.attn_v": a.W_v.reshape(-1, D_MODEL),
            f"blk.{i}.attn_output": np.hstack(list(a.W_o)),
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
        b"attention.head_count_kv": GROUPS,
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
    return GGUFFile(path)


def test_a_model_is_read_from_its_file(tmp_path, tokens):
    model = random_model(np.float32)
    found = smollm.from_gguf(written(tmp_path / "small.gguf", model))
    np.testing.assert_array_equal(smollm.logits(found, tokens), smollm.logits(model, tokens))


def test_a_file_with_another_kind_of_model_is_refused_by_name(tmp_path):
    file = written(tmp_path / "small.gguf", random_model(np.float32), kind=b"mamba")
    with pytest.raises(ValueError, match=r"small\.gguf holds a model of kind 'mamba'"):
        smollm.from_gguf(file)


@pytest.mark.parametrize("name", ["blk.0.attn_q.bias", "rope_freqs.weight", "output.weight"])
def test_a_file_with_more_than_the_model_is_refused(tmp_path, name):
    extra = [(name.encode(), (3,), 0, np.ones(3, "<f4").tobytes())]
    file = written(tmp_path / "small.gguf", random_model(np.float32), extra=extra)
    with pytest.raises(ValueError, match=rf"small\.gguf holds 1 arrays that no part .*'{name}'"):
        smollm.from_gguf(file)


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (note(b"split.count", 2, struct.pack("<H", 3)), "is one of 3 parts of a model"),
        (note(b"llama.rope.scaling.type", 8, text(b"yarn")), "with the scaling 'yarn'"),
        (
            note(b"llama.rope.dimension_count", 4, struct.pack("<I", 2)),
            "rotates 2 of 4 coordinates",
        ),
    ],
)
def test_metadata_that_the_model_does_not_support_is_refused(tmp_path, more, complaint):
    file = written(tmp_path / "small.gguf", random_model(np.float32), more=[more])
    with pytest.raises(ValueError, match=rf"small\.gguf {complaint}|small\.gguf .*{complaint}"):
        smollm.from_gguf(file)


def test_what_is_missing_is_named(tmp_path):
    path = tmp_path / "small.gguf"
    file = written(path, random_model(np.float32), without="blk.1.ffn_up")
    with pytest.raises(
        ValueError, match=r"small\.gguf has no unused array 'blk\.1\.ffn_up\.weight'"
    ):
        smollm.from_gguf(file)
    file = written(path, random_model(np.float32))
    del file.metadata["llama.rope.freq_base"]
    with pytest.raises(ValueError, match=r"small\.gguf lacks the metadata llama\.rope\.freq_base"):
        smollm.from_gguf(file)


@pytest.mark.usefixtures("without_shape_checks")
def test_tokens_and_heads_that_there_are_not_are_refused():
    model = random_model()
    for wrong in ([], [-1], [TOKENS], [0.5], [[1, 2]]):
        with pytest.raises(ValueError, match="token"):
            smollm.logits(model, wrong)
    for head in ((LAYERS, 0), (0, HEADS), (-1, 0)):
        with pytest.raises(ValueError, match="s to ablate must lie in"):
            smollm.logits(model, [1], ablate=[head])
