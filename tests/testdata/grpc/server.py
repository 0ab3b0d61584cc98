"""A foreign server: server.py [KEY CERTIFICATE]; prints its port and serves until its input ends. Gzip replies where asked with x-gzip."""
import sys
from concurrent import futures

import grpc
from packets import OPTIONS, Packet, SERVICE


def echo(request, context):
    metadata = [(key, value) for key, value in context.invocation_metadata() if key.startswith("x-")]
    if any(key == "x-gzip" for key, _ in metadata):
        context.set_compression(grpc.Compression.Gzip)
    context.send_initial_metadata([("h-" + key, value) for key, value in metadata])
    context.set_trailing_metadata([("t-" + key, value) for key, value in metadata])
    return request


def split(request, context):
    for byte in request.body:
        yield Packet(body=bytes([byte]))


def join(requests, context):
    return Packet(body=b"".join(request.body for request in requests))


def chat(requests, context):
    yield from requests


ended = []


def wait(request, context):
    if request.body == b"ended?":
        return Packet(body=",".join(ended).encode())
    name = request.body.decode()
    gone = futures.Future()
    context.add_callback(lambda: gone.set_result(ended.append(name)))
    context.send_initial_metadata(())
    gone.result()
    return request


def fail(request, context):
    text = request.body.decode()
    if text == "unforeseen":
        raise ValueError("secret")
    if text == "details":
        context.set_trailing_metadata([("grpc-status-details-bin", b"\x08\x03")])
        text = "3:with details"
    code, _, message = text.partition(":")
    context.abort(next(c for c in grpc.StatusCode if c.value[0] == int(code)), message)


def handler(kind, method):
    return getattr(grpc, f"{kind}_rpc_method_handler")(method, request_deserializer=Packet.FromString, response_serializer=Packet.SerializeToString)


server = grpc.server(futures.ThreadPoolExecutor(max_workers=64), options=OPTIONS)
server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, {
    "Echo": handler("unary_unary", echo),
    "Split": handler("unary_stream", split),
    "Join": handler("stream_unary", join),
    "Chat": handler("stream_stream", chat),
    "Wait": handler("unary_unary", wait),
    "Fail": handler("unary_unary", fail),
})])
if len(sys.argv) > 2:
    key, certificate = (open(name, "rb").read() for name in sys.argv[1:3])
    port = server.add_secure_port("localhost:0", grpc.ssl_server_credentials([(key, certificate)]))
else:
    port = server.add_insecure_port("localhost:0")
server.start()
print(port, flush=True)
sys.stdin.read()
server.stop(0)
