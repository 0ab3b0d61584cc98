using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary>The parts that come together at an executor, with the dialect of their documents.</summary>
/// <param name="Requests">The parts.</param>
/// <param name="Dialect">How their documents lie on the wire.</param>
public sealed record JinaMessageList(IReadOnlyList<DataRequest> Requests, DocArrayDialect Dialect);
