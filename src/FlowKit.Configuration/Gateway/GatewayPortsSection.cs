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
    public GatewayPortCollection Read(KeyValues values)
    {
        var protocols = Items(values.Get(GatewayKeys.Protocol), ProtocolPath, s_protocol);
        if (values.Get(GatewayKeys.Restful))
        {
            diagnostics.Warn(values.PlaceOf(GatewayKeys.Restful), "gateway.restful", "an old name: write 'protocol: http'");
            protocols = protocols.Count == 0 ? ["http"] : protocols;
        }

        var ports = Items(values.Get(GatewayKeys.Port), PortPath, s_port);
        ports = ports.Count == 0 ? [GatewayConfig.DefaultPort] : ports;
        var areNamed = protocols.Count > 0;
        if (ports.Count != 1 && (!areNamed || ports.Count != protocols.Count))
        {
            var expected = areNamed
                ? $"one port, or {protocols.Count}, one for each protocol"
                : "one port, unless 'protocol' is a list too";
            diagnostics.Add(values.PlaceOf(GatewayKeys.Port), PortPath, $"expected {expected}; not {ports.Count}");
            return GatewayConfig.DefaultPorts;
        }

        // As in Jina nothing named means gRPC, and what speaks HTTP is understood as well.
        return Merge(areNamed ? protocols : [Grpc, "http"], ports);
    }

    /// <summary>Any free port is another one each time it is asked for; any other one that comes again is shared.</summary>
    private static GatewayPortCollection Merge(List<string> protocols, List<int> ports)
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
