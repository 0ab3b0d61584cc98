using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs.Monitoring;

/// <summary>A real Prometheus that scrapes one flow each second.</summary>
internal sealed class Prometheus : IDisposable
{
    private const string Program = "/usr/bin/prometheus";

    private readonly Process _process;
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http;

    private Prometheus(Uri flow, string rules)
    {
        var port = FreePort.Find();
        File.WriteAllText(Path.Combine(_folder.Path, "alerts.yml"), rules);
        var config = _folder.File("prometheus.yml", $"""
            global: {"{"}scrape_interval: 1s, evaluation_interval: 1s{"}"}
            rule_files: [alerts.yml]
            scrape_configs:
              - job_name: flowkit
                static_configs: [{"{"}targets: ['{flow.Authority}']{"}"}]
            """);
        _process = Process.Start(new ProcessStartInfo(
            Program,
            [$"--config.file={config}", $"--storage.tsdb.path={_folder.Path}/data", $"--web.listen-address=127.0.0.1:{port}"])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public static bool IsInstalled => File.Exists(Program);

    public static Prometheus Start(Uri flow, string rules) => new(flow, rules);

    public void Dispose()
    {
        _http.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    /// <summary>Waits for an answer of a query that has series.</summary>
    public async Task<JsonArray> QueryAsync(string query)
    {
        while (true)
        {
            var answer = await AskAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
            if (answer?["data"]?["result"]?.AsArray() is { Count: > 0 } series)
            {
                return series;
            }

            if ((string?)answer?["status"] == "error")
            {
                Assert.Fail($"{query}: {answer}");
            }

            await Task.Delay(200);
        }
    }

    /// <summary>Waits until an alert fires.</summary>
    /// <returns>Its labels.</returns>
    public async Task<JsonObject> FiringAsync(string alert)
    {
        while (true)
        {
            var answer = await AskAsync("/api/v1/alerts");
            var fired = answer?["data"]?["alerts"]?.AsArray()
                .FirstOrDefault(each => (string?)each!["labels"]!["alertname"] == alert && (string?)each["state"] == "firing");
            if (fired is not null)
            {
                return fired["labels"]!.AsObject();
            }

            await Task.Delay(200);
        }
    }

    private async Task<JsonNode?> AskAsync(string path)
    {
        try
        {
            return await _http.GetFromJsonAsync<JsonNode>(path);
        }
        catch (HttpRequestException)
        {
            // It has not started yet, or has read nothing.
            return null;
        }
    }
}
