using FlowKit.Wire.Grpc.Jina;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace FlowKit.Wire.Grpc;

/// <summary>The methods between a flow and its workers that carry no documents, and that Jina does not have.</summary>
internal static class WorkerMethods
{
    /// <summary>Tells what a worker measures itself, as text for Prometheus in the form that the caller accepts.</summary>
    public static readonly Method<StringValue, StringValue> Metrics =
        JinaMethods.Unary<StringValue, StringValue>(JinaDocumentMethods.OwnService, "metrics");
}
