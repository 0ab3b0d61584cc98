using FlowKit.Wire.Protos.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary>The methods of Jina's wire for the state that an executor keeps.</summary>
internal static class JinaSnapshotMethods
{
    /// <summary>Begins to write a snapshot.</summary>
    public static readonly Method<Empty, SnapshotStatusProto> Snapshot =
        JinaMethods.Unary<Empty, SnapshotStatusProto>("jina.JinaExecutorSnapshot", "snapshot");

    /// <summary>Tells how far one is.</summary>
    public static readonly Method<SnapshotId, SnapshotStatusProto> SnapshotStatus =
        JinaMethods.Unary<SnapshotId, SnapshotStatusProto>("jina.JinaExecutorSnapshotProgress", "snapshot_status");

    /// <summary>Begins to take one back.</summary>
    public static readonly Method<RestoreSnapshotCommand, RestoreSnapshotStatusProto> Restore =
        JinaMethods.Unary<RestoreSnapshotCommand, RestoreSnapshotStatusProto>("jina.JinaExecutorRestore", "restore");

    /// <summary>Tells how far that is.</summary>
    public static readonly Method<RestoreId, RestoreSnapshotStatusProto> RestoreStatus =
        JinaMethods.Unary<RestoreId, RestoreSnapshotStatusProto>("jina.JinaExecutorRestoreProgress", "restore_status");
}
