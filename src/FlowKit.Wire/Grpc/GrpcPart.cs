namespace FlowKit.Wire.Grpc;

/// <summary>How large messages are taken in.</summary>
internal static class GrpcPart
{
    /// <summary>Up to here a claimed length is believed at once.</summary>
    public const int Size = 64 << 10;

    /// <summary>Memory for the whole is taken when one in so many bytes has come.</summary>
    public const int Trusted = 8;
}
