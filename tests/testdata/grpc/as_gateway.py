"""What Jina's gateway does with an executor, in the order in which it was recorded: as_gateway.py ADDRESS v1|v2.
It asks by reflection what there is, twice, sends data before it asks for the endpoints, probes, checks the schemas as a gateway of DocArray v2
does when it makes classes of them, posts requests with routes and parameters, and prints what it saw as one line of JSON."""
import json
import sys
import threading
import time

import grpc
from google.protobuf import empty_pb2, json_format
from jina_messages import message

ADDRESS, DIALECT = sys.argv[1:3]
SINGLE = "/jina.JinaSingleDataRequestRPC/process_single_data"


def method(channel, kind, path, answer):
    return getattr(channel, kind)(path, request_serializer=lambda request: request.SerializeToString(), response_deserializer=message(answer).FromString)


def services(channel):
    request = message("grpc.reflection.v1alpha.ServerReflectionRequest")(list_services="")
    ask = method(channel, "stream_stream", "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "grpc.reflection.v1alpha.ServerReflectionResponse")
    (listed,) = ask(iter([request]), timeout=30)
    return {service.name for service in listed.list_services_response.service}


def request_of(endpoint, texts, **parameters):
    request = message("jina.DataRequestProto")()
    request.header.request_id = "%032x" % abs(hash((endpoint, *texts)))
    request.header.exec_endpoint = endpoint
    request.header.target_executor = ""
    request.routes.add(executor="gateway").start_time.GetCurrentTime()
    json_format.ParseDict(parameters, request.parameters)
    request.data.docs.SetInParent()
    for text in texts:
        document = request.data.docs.docs.add()
        if DIALECT == "v1":
            document.id, document.text = "id-" + text, text
        else:
            document.data["id"].text, document.data["text"].text = "id-" + text, text
    return request


def texts_of(reply):
    return [document.text if DIALECT == "v1" else document.data["text"].text for document in reply.data.docs.docs]


def send(channel, endpoint, texts, **parameters):
    call = method(channel, "unary_unary", SINGLE, "jina.DataRequestProto")
    return call.with_call(request_of(endpoint, texts, **parameters), timeout=30, metadata=[("endpoint", endpoint)])


def discover(channel):
    reply = method(channel, "unary_unary", "/jina.JinaDiscoverEndpointsRPC/endpoint_discovery", "jina.EndpointsProto")(empty_pb2.Empty(), timeout=30)
    schemas = json_format.MessageToDict(reply.schemas)
    # A gateway of v2 looks up every endpoint that it was told; one that is missing, or half there, ends its start.
    for endpoint in reply.endpoints if DIALECT == "v2" else []:
        schema = schemas[endpoint]
        for side in ("input", "output"):
            assert schema[side]["name"] and schema[side]["model"]["type"] == "object" and schema[side]["model"]["properties"], (endpoint, side, schema)
        assert isinstance(schema["is_generator"], bool) and isinstance(schema["is_singleton_doc"], bool), (endpoint, schema)
        assert "parameters" in schema, (endpoint, schema)
    return sorted(reply.endpoints)


def failed(reply, call):
    status = reply.header.status
    return {
        "code": status.code,
        "exception": [status.exception.name, list(status.exception.args), status.exception.executor],
        "flagged": ("is-error", "true") in [(key, value) for key, value in call.trailing_metadata()],
        "texts": texts_of(reply),
    }


def streamed(channel):
    request = message("jina.SingleDocumentRequestProto")()
    request.header.request_id, request.header.exec_endpoint = "f" * 32, "/words"
    if DIALECT == "v1":
        request.document.text = "one two three"
    else:
        request.document.data["text"].text = "one two three"
    ask = method(channel, "unary_stream", "/jina.JinaSingleDocumentRequestRPC/stream_doc", "jina.SingleDocumentRequestProto")
    replies = list(ask(request, timeout=30, metadata=[("endpoint", "/words")]))
    return [reply.document.text if DIALECT == "v1" else reply.document.data["text"].text for reply in replies]


def at_once(channel, count):
    replies = [None] * count

    def post(index):
        replies[index] = texts_of(send(channel, "/upper", [f"t{index}"])[0])

    threads = [threading.Thread(target=post, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(reply == [f"T{index}"] for index, reply in enumerate(replies))


def started(channel):
    """Jina waits for an executor by its health, then by its probe."""
    check = method(channel, "unary_unary", "/grpc.health.v1.Health/Check", "grpc.health.v1.HealthCheckResponse")
    began = time.monotonic()
    while True:
        try:
            if check(message("grpc.health.v1.HealthCheckRequest")(), timeout=5).status == 1:
                return
        except grpc.RpcError:
            pass
        assert time.monotonic() - began < 240, "it does not serve"
        time.sleep(0.2)


options = [("grpc.keepalive_time_ms", 9999), ("grpc.keepalive_timeout_ms", 4999), ("grpc.keepalive_permit_without_calls", True), ("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
with grpc.insecure_channel(ADDRESS, options) as channel:
    started(channel)
    listed = services(channel) & services(channel)
    first, _ = send(channel, "/upper", ["before discovery"])
    endpoints = discover(channel)
    probe, probed = send(channel, "_jina_dry_run_", [])
    raised, _ = send(channel, "/suffix", ["a", "b"], mark="?")
    unknown, _ = send(channel, "/nope", ["as it was"])
    wrong, call = send(channel, "/fail", ["kept"])
    print(json.dumps({
        "services": sorted(listed & {"jina.JinaSingleDataRequestRPC", "jina.JinaDiscoverEndpointsRPC", "jina.JinaSingleDocumentRequestRPC"}),
        "first": texts_of(first), "routes": [route.executor for route in first.routes], "id": first.header.request_id == request_of("/upper", ["before discovery"]).header.request_id,
        "endpoints": endpoints, "probe": [probe.header.status.code, probed.code().name], "suffix": texts_of(raised), "unknown": [unknown.header.status.code, texts_of(unknown)],
        "failed": failed(wrong, call), "stream": streamed(channel), "at_once": at_once(channel, 32),
    }))
