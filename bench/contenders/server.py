"""The network in PyTorch behind FastAPI: POST 784 bytes an image, as application/octet-stream, to /v1/predict."""

import json
import pathlib
import socket
import sys

import numpy
import torch
import uvicorn
from fastapi import FastAPI, Request, Response

folder = pathlib.Path(sys.argv[1])
description = json.loads((folder / "layers.json").read_text())
weights = torch.from_numpy(numpy.fromfile(folder / "weights.f32", dtype="<f4"))
# One image is too little work to share among threads.
torch.set_num_threads(1)

modules = []
offset = 0
for layer in description["layers"]:
    inputs, units = layer["inputs"], layer["units"]
    linear = torch.nn.Linear(inputs, units)
    kernel = weights[offset : offset + inputs * units].reshape(inputs, units)
    bias = weights[offset + inputs * units : offset + (inputs + 1) * units]
    linear.load_state_dict({"weight": kernel.T.contiguous(), "bias": bias})
    offset += (inputs + 1) * units
    modules.append(linear)
    if layer["activation"] == "relu":
        modules.append(torch.nn.ReLU())
network = torch.nn.Sequential(*modules).eval()

app = FastAPI()


@app.post("/v1/predict")
async def predict(request: Request) -> Response:
    pixels = numpy.frombuffer(await request.body(), dtype=numpy.uint8).reshape(-1, 784)
    with torch.inference_mode():
        logits = network(torch.from_numpy(pixels.astype(numpy.float32) / 255))
        rows = torch.softmax(logits / description["temperature"], dim=1).numpy()
    predictions = [
        {"digit": int(row.argmax()), "confidence": float(row.max()), "probabilities": [round(float(p), 6) for p in row]}
        for row in rows
    ]
    return Response(json.dumps({"predictions": predictions}), media_type="application/json")


listener = socket.create_server(("127.0.0.1", 0), backlog=128)
# Accepted connections inherit it; asyncio sets it only on sockets that it opened itself.
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
