namespace FlowKit.Configuration;

/// <summary>Reads <c>gateway:</c>, with what <c>with:</c> says where it is silent.</summary>
/// <param name="problems">Collects mistakes.</param>
/// <param name="environment">Reads an environment variable.</param>
internal sealed class GatewaySection(Problems problems, Func<string, string?> environment)
{
    private const string Path = "gateway";

    private static readonly WholeKind PortKind = new(0, 65535);
    private static readonly ChoiceKind ProtocolKind = new("http", "grpc", "websocket");
    private static readonly GatewayConfig Defaults = new();

    /// <param name="section">The mapping under <c>gateway:</c>; <see langword="null"/> when there is none.</param>
    /// <param name="with">The values under <c>with:</c>.</param>
    /// <param name="place">Where the gateway is written.</param>
    public GatewayConfig Read(YamlMapping? section, KeyValues? with, SourcePlace place)
    {
        var values = (section is null ? new KeyValues(place) : GatewayKeys.Table.Read(section, Path, problems)).Over(with);
        var timeout = values.Get(GatewayKeys.TimeoutSend);
        return new GatewayConfig
        {
            Protocol = ReadProtocol(values),
            Host = values.Get(GatewayKeys.Host) ?? Defaults.Host,
            Port = ReadPort(values),
            Title = values.Get(GatewayKeys.Title),
            Description = values.Get(GatewayKeys.Description),
            Cors = values.Get(GatewayKeys.Cors),
            NoDebugEndpoints = values.Get(GatewayKeys.NoDebugEndpoints),
            NoCrudEndpoints = values.Get(GatewayKeys.NoCrudEndpoints),
            ExposedEndpoints = new ExposedEndpointsSection(problems).Read(values.Get(GatewayKeys.ExposeEndpoints)),
            Prefetch = values.Get(GatewayKeys.Prefetch),
            Security = new SecuritySection(problems, environment).Read(values),
            Strict = values.Get(GatewayKeys.Strict),
            Capacity = values.Get(GatewayKeys.Capacity),
            TimeoutSend = timeout == Timeout.InfiniteTimeSpan ? null : timeout,
            MaxRequestBytes = values.Get(GatewayKeys.MaxRequestSize),
            TimeoutStop = values.Get(GatewayKeys.TimeoutStop),
            Place = values.PlaceOf(GatewayKeys.Port),
        };
    }

    private string ReadProtocol(KeyValues values)
    {
        if (Only(values, GatewayKeys.Protocol) is { } node && ProtocolKind.TryRead(node, $"{Path}.protocol", problems, out var protocol))
        {
            if (protocol != "grpc")
            {
                return protocol;
            }

            problems.Add(node.Place, $"{Path}.protocol", "not supported yet: grpc; the gateway speaks http and websocket");
        }

        return Defaults.Protocol;
    }

    private int ReadPort(KeyValues values) =>
        Only(values, GatewayKeys.Port) is { } node && PortKind.TryRead(node, $"{Path}.port", problems, out var port) ? port : Defaults.Port;

    /// <summary>Jina allows lists, for several protocols at once; a list of one is the same as the one.</summary>
    private YamlNode? Only(KeyValues values, Key<YamlNode?> key)
    {
        var node = values.Get(key);
        if (node is YamlSequence { Items.Count: > 1 })
        {
            problems.Add(node.Place, $"{Path}.{key.Name}", "not supported yet: several protocols and ports at once; give one");
            return null;
        }

        return node is YamlSequence { Items: [var only] } ? only : node;
    }
}
