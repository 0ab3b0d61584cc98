namespace FlowKit.Wire.Grpc;

/// <summary>How a call ended, for programs and for people.</summary>
/// <param name="Code">The code.</param>
/// <param name="Message">What happened; empty when well.</param>
public sealed record GrpcStatus(GrpcStatusCode Code, string Message = "")
{
    /// <summary>All went well.</summary>
    public static GrpcStatus Ok { get; } = new(GrpcStatusCode.Ok);

    /// <summary>The serialized <c>google.rpc.Status</c> of <c>grpc-status-details-bin</c>, passed through as it is; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Details { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Message.Length == 0 ? Code.ToString() : $"{Code}: {Message}";
}
