"""A worker as Jina's are, without Jina: worker.py [ADDRESS] prints its port and serves until its input ends;
worker.py --port PORT and whatever Jina gives its images besides serves until it is ended."""
import sys
import time
import traceback
from concurrent import futures

import grpc
from google.protobuf import json_format
from jina_messages import message

NAME = "PyWorker"


def fail(reply, error):
    """Tells of an exception as Jina's workers do."""
    status = reply.header.status
    status.code = 1
    status.description = repr(error)
    status.exception.name = type(error).__name__
    status.exception.args.extend(str(argument) for argument in error.args)
    status.exception.stacks.extend(traceback.format_exception(type(error), error, error.__traceback__))
    status.exception.executor = NAME


def process(request, context):
    if request.header.exec_endpoint == "/fail":
        try:
            raise ValueError("boom", 42, {"a": 1})
        except ValueError as error:
            fail(request, error)
            context.set_trailing_metadata([("is-error", "true")])
        return request
    if request.header.exec_endpoint == "/gen":
        try:
            raise TypeError("gen() missing 1 required positional argument: 'doc'")
        except TypeError as error:
            fail(request, error)
        return request
    for document in request.data.docs.docs:
        document.text = document.text.upper()
    json_format.ParseDict({"__results__": {"py/rep-0": {"seen": len(request.data.docs.docs)}}}, request.parameters)
    request.routes.add(executor="py")
    return request


ended = []


def stream(request, context):
    context.add_callback(lambda: ended.append(request.document.id))
    for index in range(int(request.document.tags["count"]) if "count" in request.document.tags else 3):
        reply = message("jina.SingleDocumentRequestProto")()
        reply.document.id = str(index)
        reply.document.text = "%s%d after %d" % (request.document.text, index, len(ended))
        yield reply
        time.sleep(0.05)
        if not context.is_active():
            return
    if request.document.text == "bad":
        reply = message("jina.SingleDocumentRequestProto")()
        try:
            raise ValueError("boom")
        except ValueError as error:
            fail(reply, error)
        yield reply


def discover(request, context):
    reply = message("jina.EndpointsProto")()
    model = {"name": "Doc", "model": {"title": "Doc", "type": "object", "properties": {}}}
    reply.endpoints.extend(["/upper", "/fail", "/gen", "_jina_dry_run_"])
    schemas = {
        name: {"input": model, "output": model, "is_generator": name == "/gen", "is_singleton_doc": name == "/gen", "parameters": {}}
        for name in reply.endpoints
    }
    json_format.ParseDict(schemas, reply.schemas)
    return reply


def check(request, context):
    return message("grpc.health.v1.HealthCheckResponse")(status=1)


def handler(kind, call, request):
    return getattr(grpc, kind + "_rpc_method_handler")(
        call, request_deserializer=message(request).FromString, response_serializer=lambda reply: reply.SerializeToString())


def services():
    yield "jina.JinaSingleDataRequestRPC", "process_single_data", handler("unary_unary", process, "jina.DataRequestProto")
    yield "jina.JinaSingleDocumentRequestRPC", "stream_doc", handler("unary_stream", stream, "jina.SingleDocumentRequestProto")
    yield "jina.JinaDiscoverEndpointsRPC", "endpoint_discovery", handler("unary_unary", discover, "google.protobuf.Empty")
    yield "grpc.health.v1.Health", "Check", handler("unary_unary", check, "grpc.health.v1.HealthCheckRequest")


if __name__ == "__main__":
    server = grpc.server(futures.ThreadPoolExecutor(8))
    for service, name, answer in services():
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {name: answer}),))
    in_image = "--port" in sys.argv
    address = "0.0.0.0:" + sys.argv[sys.argv.index("--port") + 1] if in_image else (sys.argv[1:] or ["127.0.0.1:0"])[0]
    print(server.add_insecure_port(address), flush=True)
    server.start()
    if in_image:
        server.wait_for_termination()
    sys.stdin.read()
    server.stop(None)
