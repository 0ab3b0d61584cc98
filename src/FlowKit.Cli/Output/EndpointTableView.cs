using FlowKit.Components;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;
using FlowKit.Graph;
using FlowKit.Hosting;
using FlowKit.Serving.Gateway.Compat;
using Microsoft.AspNetCore.Http;
using Spectre.Console;

namespace FlowKit.Cli.Output;

/// <summary>The table that a person sees when the flow is ready: its addresses, its endpoints and the routes of other systems.</summary>
internal static class EndpointTableView
{
    public static void Show(Flow flow)
    {
        var ports = flow.Config.Gateway.Ports.Zip(flow.Addresses, (port, address) => (Port: port, Address: address)).ToList();
        var http = ports.Find(port => port.Port.IsHttp).Address;
        var rows = Rows(flow, ports, http).ToList();
        if (Report.IsTerminal)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("Endpoint", "Address", "Executors");
            rows.ForEach(row => table.AddRow(Markup.Escape(row.Endpoint), Markup.Escape(row.Address), Markup.Escape(row.Executors)));
            Report.Console.Write(table);
        }
        else
        {
            var (first, second) = (rows.Max(row => row.Endpoint.Length), rows.Max(row => row.Address.Length));
            rows.ForEach(row => Report.Line($"{row.Endpoint.PadRight(first)} {row.Address.PadRight(second)} {row.Executors}".TrimEnd()));
        }

        Report.Line($"Flow is ready to serve at {http ?? flow.Address}. Ctrl-C stops it.");
    }

    private static IEnumerable<(string Endpoint, string Address, string Executors)> Rows(
        Flow flow, List<(GatewayPort Port, Uri Address)> ports, Uri? http)
    {
        foreach (var (port, address) in ports)
        {
            foreach (var (protocol, scheme) in Protocols(port))
            {
                yield return (protocol, AddressOf(scheme, address), "");
            }
        }

        if (http is not null)
        {
            yield return ("page", http.ToString(), "in a browser");
            yield return ("API", new Uri(http, "/docs").ToString(), "openapi.json beside it");
        }

        foreach (var port in flow.MonitoringPorts)
        {
            yield return ("metrics", port.Address.ToString(), string.Join(", ", port.Pods.Select(pod => pod.Name)));
        }

        var shown = flow.Endpoints.Where(pair => pair.Key != EndpointTable.DryRun).OrderBy(pair => pair.Key, StringComparer.Ordinal);
        foreach (var (endpoint, executors) in shown)
        {
            var name = endpoint == RequestsAttribute.Default ? "any other" : endpoint;
            var address = http is null ? "over gRPC" : Describe(endpoint, flow.Config, http);
            yield return (name, address, FlowRoad.Of(flow.Runtime.Graph, executors));
        }

        if (http is null)
        {
            yield break;
        }

        foreach (var family in CompatRoutes.Of(flow.Runtime, flow.Config))
        {
            foreach (var operation in family.Operations)
            {
                yield return (family.System, $"{operation.Method} {http.ToString().TrimEnd('/')}{operation.ShownPath}", operation.Summary);
            }
        }
    }

    private static IEnumerable<(string Name, string Scheme)> Protocols(GatewayPort port) =>
    [
        .. port.IsGrpc ? [("gRPC", "grpc")] : ((string, string)[])[],
        .. port.IsHttp ? [("HTTP", Uri.UriSchemeHttp), ("WebSocket", Uri.UriSchemeWs)] : ((string, string)[])[],
    ];

    /// <summary>The address as clients of the protocol take it, with an s behind its scheme where there is TLS.</summary>
    private static string AddressOf(string scheme, Uri address) =>
        $"{scheme}{(address.Scheme == Uri.UriSchemeHttps ? "s" : "")}://{address.Authority}";

    private static string Describe(string endpoint, FlowConfig config, Uri address)
    {
        var exposed = config.Gateway.ExposedEndpoints.FirstOrDefault(each => each.Endpoint == endpoint);
        if (exposed is not null)
        {
            return $"{exposed.Methods[0]} {address.ToString().TrimEnd('/')}{exposed.Path}";
        }

        return endpoint switch
        {
            "/index" or "/search" when !config.Gateway.NoCrudEndpoints => $"{HttpMethods.Post} {new Uri(address, endpoint)}",
            "/update" when !config.Gateway.NoCrudEndpoints => $"{HttpMethods.Put} {new Uri(address, endpoint)}",
            "/delete" when !config.Gateway.NoCrudEndpoints => $"{HttpMethods.Delete} {new Uri(address, endpoint)}",
            _ when config.Gateway.NoDebugEndpoints => "over WebSocket",
            _ => $"{HttpMethods.Post} {new Uri(address, "/post")}",
        };
    }
}
