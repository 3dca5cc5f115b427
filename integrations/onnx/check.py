"""An exported model in onnxruntime against our logits: kickpush export mini:sokoban-small --examples 8; python check.py model.onnx"""

import importlib.metadata
import json
import sys

import numpy as np
import onnx
import onnxruntime

path = sys.argv[1]
onnx.checker.check_model(path, full_check=True)
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
about = json.loads(session.get_modelmeta().custom_metadata_map["kickpush"])
examples = json.load(open(path + ".json"))
worst = {"logits": 0.0, "values": 0.0}


def apart(ours, theirs):
    """Most they differ, by their size where that is above 1: logits of 30 are 2e-6 apart from the next number."""
    ours = np.asarray(ours)
    return float((np.abs(theirs - ours) / np.maximum(1, np.abs(ours))).max())


for example in examples:
    inputs = {name: np.asarray(value, np.int64) for name, value in example["inputs"].items() if name != "patches"}
    inputs["patches"] = np.asarray(example["inputs"]["patches"], np.uint8).reshape(-1, 768)
    logits, values = session.run(["logits", "values"], inputs)
    worst["logits"] = max(worst["logits"], apart(example["logits"], logits))
    worst["values"] = max(worst["values"], apart(example["values"], values))
    # Written word by word, greedily, it says what ours said.
    said = [about["vocabulary"][token] for token in logits.argmax(1)]
    assert said[0] == "<think>" and said[-1] == "<end>", said
print(
    json.dumps(
        {
            "onnx": importlib.metadata.version("onnx"),
            "onnxruntime": onnxruntime.__version__,
            "examples": len(examples),
            "words": sum(len(example["logits"]) for example in examples),
            "most apart": worst,
        }
    )
)
