using FlowKit.Wire.Protos.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary>The methods of Jina's wire for the state that an executor keeps.</summary>
internal static class JinaSnapshotMethods
{
    /// <summary>Begins to write a snapshot.</summary>
    public static readonly GrpcMethod<Empty, SnapshotStatusProto> Snapshot = Of<Empty, SnapshotStatusProto>("jina.JinaExecutorSnapshot", "snapshot");

    /// <summary>How far one is.</summary>
    public static readonly GrpcMethod<SnapshotId, SnapshotStatusProto> SnapshotStatus = Of<SnapshotId, SnapshotStatusProto>("jina.JinaExecutorSnapshotProgress", "snapshot_status");

    /// <summary>Begins to take one back.</summary>
    public static readonly GrpcMethod<RestoreSnapshotCommand, RestoreSnapshotStatusProto> Restore = Of<RestoreSnapshotCommand, RestoreSnapshotStatusProto>("jina.JinaExecutorRestore", "restore");

    /// <summary>How far that is.</summary>
    public static readonly GrpcMethod<RestoreId, RestoreSnapshotStatusProto> RestoreStatus = Of<RestoreId, RestoreSnapshotStatusProto>("jina.JinaExecutorRestoreProgress", "restore_status");

    private static GrpcMethod<TRequest, TResponse> Of<TRequest, TResponse>(string service, string name)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage<TResponse>, new() =>
        new(service, name, ProtobufMarshaller<TRequest>.Instance, ProtobufMarshaller<TResponse>.Instance);
}
