"""A foreign client: client.py ADDRESS SCENARIO [CERTIFICATE]; prints what happened as one line of JSON."""
import json
import sys
import threading
import time

import grpc
from packets import Packet, SERVICE, channel, method


def unary(ch):
    reply, call = method(ch, "unary_unary", "Echo").with_call(Packet(body=b"hello"), metadata=[("x-a", "1"), ("x-a", "2"), ("x-b-bin", b"\x00\xff,")], timeout=30)
    return {"body": reply.body.decode(), "code": call.code().name, "head": pairs(call.initial_metadata()), "trail": pairs(call.trailing_metadata())}


def server_stream(ch):
    call = method(ch, "unary_stream", "Split")(Packet(body=b"abc"), timeout=30)
    return {"bodies": [p.body.decode() for p in call], "code": call.code().name}


def client_stream(ch):
    return {"body": method(ch, "stream_unary", "Join")(iter([Packet(body=b"a"), Packet(), Packet(body=b"bc")]), timeout=30).body.decode()}


def chat(ch):
    answered = threading.Semaphore(0)

    def ask():
        for index in range(100):
            yield Packet(body=str(index).encode())
            answered.acquire()

    bodies = []
    for packet in method(ch, "stream_stream", "Chat")(ask(), timeout=30):
        bodies.append(packet.body.decode())
        answered.release()
    return {"bodies": bodies}


def deadline(ch):
    began = time.monotonic()
    try:
        method(ch, "unary_unary", "Wait")(Packet(body=b"deadline"), timeout=1)
    except grpc.RpcError as error:
        return {"code": error.code().name, "early": time.monotonic() - began < 0.9}


def cancel(ch):
    call = method(ch, "unary_stream", "Wait")(Packet(body=b"cancel"), timeout=30)
    call.initial_metadata()
    call.cancel()
    return {"cancelled": call.cancelled(), "code": call.code().name}


def failures(ch):
    fail = method(ch, "unary_unary", "Fail")
    return [outcome(lambda: fail(Packet(body=text.encode()), timeout=30)) for text in ("3:naïve 100 %\n", "16:", "unforeseen", "details")]


def unknown(ch):
    call = ch.unary_unary(f"/{SERVICE}/Nope", None, None)
    other = ch.unary_unary("/no.Service/Call", None, None)
    return [outcome(lambda: call(b"", timeout=30)), outcome(lambda: other(b"", timeout=30))]


def gzip(ch):
    body = b"x" * 200_000
    echo = method(ch, "unary_unary", "Echo")
    replies = [echo(Packet(body=body), compression=how, timeout=30).body == body for how in (grpc.Compression.Gzip, grpc.Compression.Deflate, grpc.Compression.NoCompression)]
    many = method(ch, "stream_stream", "Chat")(iter([Packet(body=body)] * 20), compression=grpc.Compression.Gzip, timeout=30)
    return {"replies": replies, "streamed": sum(p.body == body for p in many)}


def large(ch):
    body = bytes(range(256)) * (64 * 4096)
    reply = method(ch, "unary_unary", "Echo")(Packet(body=body), timeout=60)
    return {"same": reply.body == body, "size": len(reply.body)}


def many(ch):
    """A thousand calls that are all open before the first ends."""
    start = threading.Event()

    def ask(index):
        yield Packet(body=str(index).encode())
        start.wait()

    calls = [method(ch, "stream_stream", "Chat")(ask(index), timeout=120) for index in range(1000)]
    first = sum(next(call).body == str(index).encode() for index, call in enumerate(calls))
    start.set()
    return {"first": first, "ended": sum(len(list(call)) == 0 and call.code() == grpc.StatusCode.OK for call in calls)}


def outcome(call):
    try:
        call()
    except grpc.RpcError as error:
        return {"code": error.code().name, "details": error.details(), "trail": pairs(error.trailing_metadata())}


def pairs(metadata):
    return [[key, value.hex() if isinstance(value, bytes) else value] for key, value in metadata or [] if key not in ("date", "server", "content-length")]


address, scenario, *certificate = sys.argv[1:]
with channel(address, *certificate) as ch:
    print(json.dumps(globals()[scenario](ch)))
