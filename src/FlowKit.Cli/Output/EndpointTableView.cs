using FlowKit.Configuration.Flow;
using FlowKit.Hosting;
using Spectre.Console;

namespace FlowKit.Cli.Output;

/// <summary>The table that a person sees when the flow is ready: its addresses and its endpoints.</summary>
internal static class EndpointTableView
{
    public static void Show(Flow flow)
    {
        var address = flow.Address!;
        var rows = Rows(flow, flow.Config, address).ToList();
        if (Report.IsTerminal)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("Endpoint", "Address", "Executors");
            rows.ForEach(row => table.AddRow(Markup.Escape(row.Endpoint), Markup.Escape(row.Address), Markup.Escape(row.Executors)));
            Report.Console.Write(table);
        }
        else
        {
            rows.ForEach(row => Report.Line($"{row.Endpoint,-12} {row.Address,-40} {row.Executors}"));
        }

        Report.Line($"Flow is ready to serve at {address}. Ctrl-C stops it.");
    }

    private static IEnumerable<(string Endpoint, string Address, string Executors)> Rows(Flow flow, FlowConfig config, Uri address)
    {
        yield return ("page", address.ToString(), "in a browser");
        yield return ("API", new Uri(address, "/docs").ToString(), "openapi.json beside it");
        foreach (var (endpoint, executors) in flow.Endpoints.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var shown = endpoint == RequestsAttribute.Default ? "any other" : endpoint;
            yield return (shown, Describe(endpoint, config, address), string.Join(" → ", executors));
        }
    }

    private static string Describe(string endpoint, FlowConfig config, Uri address) => endpoint switch
    {
        "/index" or "/search" when !config.Gateway.NoCrudEndpoints => $"POST {new Uri(address, endpoint)}",
        "/update" when !config.Gateway.NoCrudEndpoints => $"PUT {new Uri(address, endpoint)}",
        "/delete" when !config.Gateway.NoCrudEndpoints => $"DELETE {new Uri(address, endpoint)}",
        _ => $"POST {new Uri(address, "/post")}",
    };
}
