"""A foreign client of a gateway: gateway.py ADDRESS; its messages are made of the descriptions of our own .proto files."""
import json
import sys

import grpc
from google.protobuf import descriptor_pb2, empty_pb2
from jina_messages import load, message


def method(channel, kind, path, answer):
    return getattr(channel, kind)(path, request_serializer=lambda request: request.SerializeToString(), response_deserializer=message(answer).FromString)


def code(call):
    try:
        call()
        return "OK"
    except grpc.RpcError as error:
        return error.code().name


def health(channel):
    request = message("grpc.health.v1.HealthCheckRequest")
    check = method(channel, "unary_unary", "/grpc.health.v1.Health/Check", "grpc.health.v1.HealthCheckResponse")
    watch = method(channel, "unary_stream", "/grpc.health.v1.Health/Watch", "grpc.health.v1.HealthCheckResponse")(request(service="nobody"), timeout=30)
    first = next(watch).status
    watch.cancel()
    return [check(request(), timeout=30).status, check(request(service="jina.JinaRPC"), timeout=30).status, code(lambda: check(request(service="nobody"), timeout=30)), first]


def reflection(channel, version):
    request = message(f"grpc.reflection.{version}.ServerReflectionRequest")
    ask = method(channel, "stream_stream", f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo", f"grpc.reflection.{version}.ServerReflectionResponse")
    questions = [request(list_services=""), request(file_containing_symbol="jina.JinaRPC.Call"), request(file_by_filename="docarray.proto"), request(file_containing_symbol="no.Such")]
    listed, symbol, file, unknown = ask(iter(questions), timeout=30)
    pool = load(descriptor_pb2.FileDescriptorProto.FromString(raw) for raw in symbol.file_descriptor_response.file_descriptor_proto)
    return {
        "services": [service.name for service in listed.list_services_response.service],
        "call": pool.FindServiceByName("jina.JinaRPC").methods_by_name["Call"].input_type.full_name,
        "file": descriptor_pb2.FileDescriptorProto.FromString(file.file_descriptor_response.file_descriptor_proto[0]).name,
        "unknown": unknown.error_response.error_code,
    }


def requests(count):
    for index in range(count):
        request = message("jina.DataRequestProto")()
        request.header.request_id = f"{index:032x}"
        request.header.exec_endpoint = "/echo"
        document = request.data.docs.docs.add(id=str(index))
        document.tensor.dense.buffer = bytes(512 * 4)
        document.tensor.dense.shape.append(512)
        document.tensor.dense.dtype = "<f4"
        document.tensor.cls_name = "numpy"
        yield request


def call(channel):
    ask = method(channel, "stream_stream", "/jina.JinaRPC/Call", "jina.DataRequestProto")
    replies = list(ask(requests(500), timeout=60, metadata=[("__results_in_order__", "true"), ("__prefetch__", "10")]))
    return {"count": len(replies), "ordered": [r.header.request_id for r in replies] == [f"{i:032x}" for i in range(500)], "seen": replies[-1].data.docs.docs[0].tags["seen_by"], "bytes": len(replies[-1].data.docs.docs[0].tensor.dense.buffer)}


def empty(channel):
    dry = method(channel, "unary_unary", "/jina.JinaGatewayDryRunRPC/dry_run", "jina.StatusProto")(empty_pb2.Empty(), timeout=30)
    status = method(channel, "unary_unary", "/jina.JinaInfoRPC/_status", "jina.JinaInfoProto")(empty_pb2.Empty(), timeout=30)
    endpoints = method(channel, "unary_unary", "/jina.JinaDiscoverEndpointsRPC/endpoint_discovery", "jina.EndpointsProto")(empty_pb2.Empty(), timeout=30)
    return {"dry_run": dry.code, "status": "flowkit" in status.jina, "endpoints": sorted(set(endpoints.endpoints) & {"/echo", "_jina_dry_run_"})}


with grpc.insecure_channel(sys.argv[1]) as channel:
    print(json.dumps({"health": health(channel), "v1": reflection(channel, "v1"), "v1alpha": reflection(channel, "v1alpha"), "call": call(channel), "empty": empty(channel)}))
