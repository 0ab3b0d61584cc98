using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Gateway;

/// <summary>
/// Reads <c>protocol</c> and <c>port</c> of the gateway: one of each, or lists of the same length, or one port for several protocols.
/// </summary>
/// <param name="diagnostics">Collects mistakes.</param>
internal sealed class GatewayPortsSection(ConfigDiagnostics diagnostics)
{
    private const string ProtocolPath = "gateway.protocol";
    private const string PortPath = "gateway.port";
    private const string Grpc = "grpc";

    private static readonly WholeParser s_port = new(0, 65535);
    private static readonly ChoiceParser s_protocol = new("http", Grpc, "websocket");

    /// <param name="values">The keys of the gateway.</param>
    /// <param name="isEncrypted">Whether there is TLS, where a client chooses its protocol when it connects.</param>
    public GatewayPortCollection Read(KeyValues values, bool isEncrypted)
    {
        var protocols = Items(values.Get(GatewayKeys.Protocol), ProtocolPath, s_protocol);
        var ports = Items(values.Get(GatewayKeys.Port), PortPath, s_port);
        protocols = protocols.Count == 0 ? ["http"] : protocols;
        ports = ports.Count == 0 ? [GatewayConfig.DefaultPort] : ports;
        if (ports.Count != 1 && ports.Count != protocols.Count)
        {
            diagnostics.Add(
                values.PlaceOf(GatewayKeys.Port),
                PortPath,
                $"expected one port, or {protocols.Count}, one for each protocol; not {ports.Count}");
            return GatewayConfig.DefaultPorts;
        }

        return Merge(protocols, ports, values, isEncrypted);
    }

    /// <summary>Any free port is another one each time it is asked for; any other one that comes again is shared.</summary>
    private GatewayPortCollection Merge(List<string> protocols, List<int> ports, KeyValues values, bool isEncrypted)
    {
        var merged = new List<GatewayPort>();
        for (var index = 0; index < protocols.Count; index++)
        {
            var (number, isGrpc) = (ports[ports.Count == 1 ? 0 : index], protocols[index] == Grpc);
            var known = merged.FindIndex(port => port.Port == number && (number != 0 || ports.Count == 1));
            if (known < 0)
            {
                merged.Add(new GatewayPort(number, !isGrpc, isGrpc));
                continue;
            }

            merged[known] = merged[known] with { IsHttp = merged[known].IsHttp || !isGrpc, IsGrpc = merged[known].IsGrpc || isGrpc };
        }

        if (!isEncrypted && merged.Exists(port => port is { IsHttp: true, IsGrpc: true }))
        {
            diagnostics.Add(
                values.PlaceOf(GatewayKeys.Protocol),
                ProtocolPath,
                "grpc needs a port of its own, unless ssl_certfile is given; give a list of ports, one for each protocol");
        }

        return new GatewayPortCollection(merged);
    }

    private List<T> Items<T>(YamlNode? node, string path, ValueParser<T> kind)
    {
        var items = new List<T>();
        IEnumerable<YamlNode> nodes = node switch
        {
            null => [],
            YamlSequence list => list.Items,
            _ => [node],
        };
        foreach (var item in nodes)
        {
            if (kind.TryRead(item, path, diagnostics, out var value))
            {
                items.Add(value);
            }
        }

        return items;
    }
}
