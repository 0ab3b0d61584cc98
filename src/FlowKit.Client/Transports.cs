namespace FlowKit.Client;

/// <summary>The protocols that a client speaks, by the scheme of its address.</summary>
internal static class Transports
{
    private static readonly Dictionary<string, Func<Uri, FlowClientOptions, IFlowTransport>> s_byScheme = new(StringComparer.Ordinal)
    {
        ["http"] = (address, options) => new HttpTransport(address, options),
        ["https"] = (address, options) => new HttpTransport(address, options),
        ["grpc"] = (address, options) => new GrpcTransport(address, options),
        ["grpcs"] = (address, options) => new GrpcTransport(address, options),
        ["ws"] = (address, options) => new WebSocketTransport(address, options),
        ["wss"] = (address, options) => new WebSocketTransport(address, options),
    };

    public static IReadOnlyCollection<string> Schemes => s_byScheme.Keys;

    public static IFlowTransport Open(Uri address, FlowClientOptions options) => s_byScheme[address.Scheme](address, options);
}
