"""
A chat server with eyes that takes nothing OpenAI's published schema does not name: `python server.py [port]`.

Every request is validated against the types of the official `openai` package, which are generated from OpenAI's OpenAPI
specification, with unknown keys forbidden at every depth and without any conversion; every answer is built by its types as
well. Pictures are decoded from their data addresses as PNG. Who plays is no model: it reads Sokoban's 16-pixel cells out of
the newest picture and answers a shortest solution, so that it succeeds only where pictures show what is to be played.
GET /seen tells what came.
"""

import base64
import collections
import http.server
import io
import json
import re
import sys
import time
import typing

import openai
from openai.types.chat import ChatCompletion
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from PIL import Image
from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import is_typeddict

CELL = 16
# Mean colour of a cell.
CELLS = {
    "#": (142, 55, 42),
    "@": (62, 112, 86),
    "-": (43, 47, 65),
    ".": (104, 45, 57),
    "$": (173, 136, 39),
    "*": (204, 94, 56),
    "+": (83, 111, 83),
}
MOVES = {"Up": (-1, 0), "Down": (1, 0), "Left": (0, -1), "Right": (0, 1)}


def strict(kind, known):
    """Forbids keys that are not named, here and in all that is inside."""
    if id(kind) in known:
        return
    known[id(kind)] = kind
    inside = typing.get_args(kind)
    if is_typeddict(kind):
        kind.__pydantic_config__ = ConfigDict(extra="forbid", strict=True)
        inside = typing.get_type_hints(kind, include_extras=True).values()
    for one in inside:
        strict(one, known)


strict(CompletionCreateParamsNonStreaming, {})
SCHEMA = TypeAdapter(CompletionCreateParamsNonStreaming)


def whole(value):
    """Lists in the place of pydantic's lazy iterables, read to their end: only then is everything in them validated."""
    if isinstance(value, dict):
        return {key: whole(inside) for key, inside in value.items()}
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        return value
    return [whole(inside) for inside in value]


def pictures(messages):
    """Every picture of a chat, in order, decoded to its last pixel."""
    found = []
    for message in messages:
        content = message.get("content")
        for part in content if isinstance(content, list) else []:
            if part["type"] != "image_url":
                continue
            url = part["image_url"]["url"]
            if not url.startswith("data:image/png;base64,"):
                raise ValueError(f"not a PNG's data address: {url[:40]}")
            data = base64.b64decode(url.split(",", 1)[1], validate=True)
            picture = Image.open(io.BytesIO(data), formats=["PNG"])
            picture.load()
            found.append(picture.convert("RGB"))
    return found


def board(picture):
    """Rows of Sokoban's symbols, the nearest of the known cells for each."""
    width, height = picture.size[0] // CELL, picture.size[1] // CELL
    means = picture.resize((width, height), Image.BOX)
    near = lambda a, b: sum((x - y) ** 2 for x, y in zip(a, b))
    return [
        "".join(min(CELLS, key=lambda c: near(CELLS[c], means.getpixel((x, y)))) for x in range(width))
        for y in range(height)
    ]


def solution(rows):
    """A shortest solution of a board, by breadth first; nothing where there is none."""
    cells = [((y, x), symbol) for y, row in enumerate(rows) for x, symbol in enumerate(row)]
    at = lambda symbols: frozenset(place for place, symbol in cells if symbol in symbols)
    walls, targets = at("#"), at(".*+")
    (player,) = at("@+")
    start = (player, at("$*"))
    seen, queue = {start}, collections.deque([(start, [])])
    while queue:
        ((y, x), boxes), plan = queue.popleft()
        if boxes <= targets:
            return plan
        for name, (down, right) in MOVES.items():
            to, beyond = (y + down, x + right), (y + 2 * down, x + 2 * right)
            if to in walls or (to in boxes and (beyond in walls or beyond in boxes)):
                continue
            state = (to, boxes - {to} | {beyond} if to in boxes else boxes)
            if state not in seen:
                seen.add(state)
                queue.append((state, [*plan, name]))
    return []


SEEN = {"openai": openai.__version__, "requests": 0, "refused": 0, "pictures": 0, "keys": []}


def complete(body):
    """The completion of a request.  Raises ValueError, of which ValidationError is one, for what the schema does not know."""
    request = whole(SCHEMA.validate_python(body))
    SEEN["requests"] += 1
    SEEN["keys"] = sorted({*SEEN["keys"], *request})
    seen = pictures(request["messages"])
    SEEN["pictures"] += len(seen)
    # "at most 5 actions now": no more are wanted.
    asked = re.findall(r"at most (\d+) action", json.dumps(request["messages"][-1]))
    plan = solution(board(seen[-1]))[: int(asked[-1]) if asked else 1] if seen else []
    text = f"<think>{len(plan)} steps</think><answer>{', '.join(plan)}</answer>" if plan else "I see no way."
    answer = {
        "id": f"chatcmpl-{SEEN['requests']}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request["model"],
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "logprobs": None,
                "message": {"role": "assistant", "content": text, "refusal": None},
            }
        ],
        "usage": {"prompt_tokens": 85 * len(seen), "completion_tokens": len(text) // 4, "total_tokens": 0},
    }
    answer["usage"]["total_tokens"] = sum(answer["usage"].values())
    return ChatCompletion.model_validate(answer, strict=True).to_dict()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, status, message):
        SEEN["refused"] += 1
        error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
        self.send(status, {"error": error})

    def do_GET(self):
        if self.path == "/seen":
            self.send(200, SEEN)
        else:
            self.refuse(404, f"Unknown request URL: GET {self.path}")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/v1/chat/completions":
            return self.refuse(404, f"Unknown request URL: POST {self.path}")
        if self.headers.get("Authorization") != "Bearer sk-strict":
            return self.refuse(401, "Incorrect API key provided")
        if self.headers.get("Content-Type", "").split(";")[0] != "application/json":
            return self.refuse(415, "The request is not application/json")
        try:
            self.send(200, complete(json.loads(body)))
        except ValidationError as error:
            first = error.errors()[0]
            self.refuse(400, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
        except ValueError as error:
            self.refuse(400, str(error))

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 8001), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
