using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Serving.Gateway.Security;

namespace FlowKit.Cli.Watching;

/// <summary>Asks a running flow how it is: its graph, its state as it changes, and its requests of late.</summary>
internal sealed class StatusClient : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="address">The flow's address, for example <c>http://localhost:8080</c>.</param>
    /// <param name="key">The key that the gateway asks for; <see langword="null"/> for none.</param>
    /// <exception cref="FlowKitException">The address is none of HTTP.</exception>
    public StatusClient(string address, string? key)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"Watching a flow needs an http address, not '{address}'.");
        }

        // No other host gets the key.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = url };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Add(ApiKeyGuard.Header, key);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Reads one answer.</summary>
    /// <param name="route">The route, without a slash before it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FlowKitException">The flow cannot be reached, or refuses.</exception>
    public async Task<JsonObject> ReadAsync(string route, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await OpenAsync(route, cancellationToken);
            return (await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
        }
        catch (JsonException exception)
        {
            throw NoFlow(exception);
        }
    }

    /// <summary>Follows the state of the flow until it ends.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">The flow cannot be reached, or refuses.</exception>
    public IAsyncEnumerable<JsonObject> FollowAsync(CancellationToken cancellationToken) =>
        FollowAsync("status/events", cancellationToken);

    /// <summary>Reads events until there are no more.</summary>
    /// <param name="route">The route, without a slash before it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">The flow cannot be reached, or refuses.</exception>
    public async IAsyncEnumerable<JsonObject> FollowAsync(string route, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(route, cancellationToken);
        var events = SseParser.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
        await foreach (var told in events.EnumerateAsync(cancellationToken))
        {
            yield return JsonNode.Parse(told.Data) as JsonObject ?? throw NoFlow(null);
        }
    }

    /// <summary>
    /// Returns the token of a flow's start, where it runs on this machine as this user; <see langword="null"/> elsewhere.
    /// </summary>
    /// <param name="address">The flow's address.</param>
    public static string? TokenOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.IsLoopback ? AdminTokenFile.Read(url.Port) : null;

    private async Task<HttpResponseMessage> OpenAsync(string route, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.GetAsync(route, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new FlowKitException(
                FlowErrorCode.Unavailable, $"No flow answers at {_http.BaseAddress}: {exception.Message}", exception);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new FlowKitException(
                FlowErrorCode.Unavailable,
                response.StatusCode == HttpStatusCode.NotFound
                    ? $"What answers at {_http.BaseAddress} does not tell its state: it is no flow, or has no_debug_endpoints."
                    : $"The flow at {_http.BaseAddress} refuses: {await DetailOfAsync(response, cancellationToken)}");
        }
    }

    private static async Task<string> DetailOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
            return answer?["detail"]?.ToString() ?? $"HTTP {(int)response.StatusCode}";
        }
        catch (JsonException)
        {
            return $"HTTP {(int)response.StatusCode}";
        }
    }

    private FlowKitException NoFlow(Exception? exception) => new(
        FlowErrorCode.Unavailable, $"What answers at {_http.BaseAddress} is no flow.", exception);
}
