using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using FlowKit.Tests;

namespace FlowKit.Specs.Monitoring;

/// <summary>Aspire's standalone dashboard: a real receiver of OTLP, whose API gives back what it was sent.</summary>
internal sealed class AspireDashboard : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private AspireDashboard(string program)
    {
        var (page, receiver) = (FreePort.Find(), FreePort.Find());
        Endpoint = $"http://127.0.0.1:{receiver}";
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in new[]
        {
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{page}"), ("DOTNET_DASHBOARD_OTLP_ENDPOINT_URL", Endpoint),
            ("DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true"), ("ASPIRE_DASHBOARD_API_ENABLED", "true"),
        })
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{page}") };
    }

    /// <summary>The program; <see langword="null"/> on systems that its package is not for.</summary>
    public static string? Program { get; } = typeof(AspireDashboard).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(data => data.Key == "AspireDashboard").Select(data => data.Value).FirstOrDefault(File.Exists);

    /// <summary>The address that takes OTLP by gRPC.</summary>
    public string Endpoint { get; }

    public static AspireDashboard Start() => new(Program!);

    public void Dispose()
    {
        _http.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Waits until a trace has spans of some names.</summary>
    /// <param name="trace">The trace's id.</param>
    /// <param name="names">For each wanted span the service and the name.</param>
    public Task<IReadOnlyList<Span>> TraceAsync(string trace, params (string Service, string Name)[] names) =>
        TraceAsync(trace, spans => names.All(name => spans.Any(span => span.Service == name.Service && span.Name == name.Name)));

    /// <summary>Waits until a trace has the spans that are wanted.</summary>
    /// <param name="trace">The trace's id.</param>
    /// <param name="isWhole">Tells whether it has them.</param>
    public async Task<IReadOnlyList<Span>> TraceAsync(string trace, Func<IReadOnlyList<Span>, bool> isWhole)
    {
        while (true)
        {
            var spans = (await SpansAsync()).Where(span => span.Trace == trace).ToList();
            if (isWhole(spans))
            {
                return spans;
            }

            await Task.Delay(300);
        }
    }

    private async Task<IEnumerable<Span>> SpansAsync()
    {
        try
        {
            var answer = await _http.GetFromJsonAsync<JsonNode>("/api/telemetry/traces");
            return answer!["data"]!["resourceSpans"]!.AsArray().SelectMany(resource => resource!["scopeSpans"]!.AsArray().SelectMany(
                scope => scope!["spans"]!.AsArray().Select(span => new Span(ServiceOf(resource), (string?)scope["scope"]?["name"], span!))));
        }
        catch (HttpRequestException)
        {
            // It has not started yet.
            return [];
        }
    }

    private static string ServiceOf(JsonNode resource) =>
        (string)resource["resource"]!["attributes"]!.AsArray().First(attribute => (string?)attribute!["key"] == "service.name")!["value"]!["stringValue"]!;

    /// <summary>A span that was received.</summary>
    internal sealed record Span(string Service, string? Source, JsonNode Sent)
    {
        public string Trace => (string)Sent["traceId"]!;

        public string Id => (string)Sent["spanId"]!;

        public string? Parent => (string?)Sent["parentSpanId"];

        public string Name => (string)Sent["name"]!;
    }
}
