"""Write the trained weights as one GGUF file: `python export.py build/ tidegate-tiny.gguf`.

The file holds everything that llama.cpp needs: weights (q8_0, norms in float32), tokenizer, chat template and the
sampling it should use. `output.weight` is left out: llama.cpp then takes the embedding, as training did.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch

from training.tiny_model import vocabulary
from training.tiny_model.model import Shape
from training.tiny_model.train import CHECKPOINT

NAME = "tidegate-tiny"
CONTEXT_LENGTH = 131072  # what may be asked of it; agents send a hundred kilobytes before they say a word
TEMPLATE = Path(__file__).with_name("chat.jinja")
Q8 = gguf.GGMLQuantizationType.Q8_0


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path, help="the folder that train.py wrote")
    parser.add_argument("file", type=Path, help="the GGUF file to write")
    return parser.parse_args()


def write(build: Path, file: Path) -> None:
    checkpoint = torch.load(build / CHECKPOINT)
    shape = Shape(**checkpoint["shape"])
    writer = gguf.GGUFWriter(file, "llama")
    describe(writer, shape)
    add_tokenizer(writer, json.loads((build / vocabulary.FILE_NAME).read_text()), shape)
    for name, weights in checkpoint["weights"].items():
        add_tensor(writer, f"{name}.weight", weights.numpy().astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def describe(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name(NAME)
    writer.add_license("Apache-2.0")
    writer.add_size_label("1M")
    writer.add_context_length(CONTEXT_LENGTH)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(shape.norm_epsilon)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_sampling_temp(0.2)
    writer.add_sampling_top_k(20)


def add_tokenizer(writer: gguf.GGUFWriter, tokenizer: dict[str, Any], shape: Shape) -> None:
    ids = dict(tokenizer["model"]["vocab"]) | {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    tokens = sorted(ids, key=ids.__getitem__)
    if [ids[token] for token in tokens] != list(range(shape.vocabulary)):
        raise SystemExit("the tokenizer's ids are not 0 … n-1: tokenizer.json and model.pt are of different runs")
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in tokenizer["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([token_type(token) for token in tokens])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(ids[vocabulary.END_OF_TEXT])
    writer.add_pad_token_id(ids[vocabulary.END_OF_TEXT])
    writer.add_eos_token_id(ids[vocabulary.TURN_END])
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE.read_text(encoding="utf-8"))


def token_type(token: str) -> gguf.TokenType:
    if token in vocabulary.CONTROL:
        return gguf.TokenType.CONTROL
    return gguf.TokenType.USER_DEFINED if token in vocabulary.MARKS else gguf.TokenType.NORMAL


def add_tensor(writer: gguf.GGUFWriter, name: str, weights: np.ndarray) -> None:
    if weights.ndim == 1:
        writer.add_tensor(name, weights)
    else:
        writer.add_tensor(name, gguf.quantize(weights, Q8), raw_dtype=Q8)


if __name__ == "__main__":
    arguments = options()
    write(arguments.build, arguments.file)
    print(arguments.file, arguments.file.stat().st_size, "bytes")
