using System.Globalization;
using FlowKit.Benchmarks.Runtime;
using FlowKit.Serving.Gateway;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Benchmarks.Jina;

/// <summary>
/// Three executors that do nothing, over HTTP, gRPC and one stream of gRPC, with requests of 1 and 100 documents from 1 and 16 callers:
/// beside a running Jina in turns, or against what was measured of one.
/// </summary>
internal static class SideBySide
{
    private const double Seconds = 1.5;
    private const string Yaml = """
        jtype: Flow
        executors: [{name: exec0, uses: NoOp}, {name: exec1, uses: NoOp}, {name: exec2, uses: NoOp}]
        gateway: {port: [0, 0], protocol: [grpc, http]}
        """;

    /// <summary>Prints a table.</summary>
    /// <param name="turns">How often each is measured.</param>
    /// <param name="jina">The gRPC and the HTTP address of a Jina gateway with three such executors; empty for recorded figures.</param>
    public static async Task<int> RunAsync(int turns, string[] jina)
    {
        await using var flow = await RuntimeFlow.StartAsync(Yaml, typeof(NoOp));
        await using var gateway = await GatewayHost.StartAsync(flow.Runtime, flow.Config, NullLoggerFactory.Instance, CancellationToken.None);
        using var ours = new PeerGateway(gateway.GrpcAddress!, gateway.HttpAddress!);
        using var theirs = jina is [var grpc, var http] ? new PeerGateway(new Uri(grpc), new Uri(http)) : null;
        Console.WriteLine($"load average {Report.Load}");
        Console.WriteLine($"| protocol | documents | callers | FlowKit, requests/s | Jina{(theirs is null ? ", recorded" : "")} | ratio |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var way in PeerGateway.Ways)
        {
            foreach (var (documents, callers) in new[] { (1, 1), (1, 16), (100, 1), (100, 16) })
            {
                var (own, other) = (new List<double>(), new List<double>());
                await ours.RunAsync(way, documents, callers, Seconds);
                for (var turn = 0; turn < turns; turn++)
                {
                    own.Add(await ours.RunAsync(way, documents, callers, Seconds));
                    if (theirs is not null)
                    {
                        other.Add(await theirs.RunAsync(way, documents, callers, Seconds));
                    }
                }

                var rate = Ratio.Median(own);
                var known = theirs is null ? JinaFigures.Find(way, documents, callers) : Ratio.Median(other);
                var compared = known is { } jinas ? string.Create(CultureInfo.InvariantCulture, $"{jinas:0} | {rate / jinas:0.0}") : "– | –";
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {way} | {documents} | {callers} | {rate:0} | {compared} |"));
            }
        }

        return 0;
    }
}
