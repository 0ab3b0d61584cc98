using System.Diagnostics;
using System.Text;

namespace FlowKit.Bombs;

/// <summary>Another caller, who asks a small thing again and again.</summary>
internal sealed class Neighbour(HttpClient client, string path)
{
    private const string Body = """{"data":[{"text":"a red apple"}]}""";
    private const int Pause = 50;

    private readonly List<double> _times = [];

    /// <summary>The number of requests that were not answered with 200.</summary>
    public int Failures { get; private set; }

    /// <summary>The number of requests.</summary>
    public int Count => _times.Count;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                using var content = new StringContent(Body, Encoding.UTF8, "application/json");
                using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, CancellationToken.None);
                Failures += response.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                Failures++;
            }

            _times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>The milliseconds that a share of the requests took at most.</summary>
    public double Percentile(double share)
    {
        var sorted = _times.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
    }
}
