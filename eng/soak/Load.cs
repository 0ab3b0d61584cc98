using System.Net.Sockets;
using System.Text;
using FlowKit.Client;
using FlowKit.Wire;

namespace FlowKit.Soak;

/// <summary>Callers of every protocol, one request after another each, and readers that take their time.</summary>
/// <param name="ledger">What becomes of each request.</param>
/// <param name="ports">The ports of HTTP, gRPC and WebSocket.</param>
internal sealed class Load(Ledger ledger, IReadOnlyList<int> ports)
{
    private const int Dimensions = 32;

    /// <summary>Runs a caller until it is stopped.</summary>
    /// <param name="scheme"><c>http</c>, <c>grpc</c> or <c>ws</c>.</param>
    /// <param name="caller">Its number, which its ids begin with.</param>
    /// <param name="stop">Ends it after its request.</param>
    public async Task RunAsync(string scheme, int caller, CancellationToken stop)
    {
        var random = new Random(caller);
        await using var client = new FlowClient($"{scheme}://127.0.0.1:{PortOf(scheme)}");
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var id = $"{scheme}-{caller}-{number}";

            // What is indexed is deleted two requests later, so that the index, and memory with it, has a size to keep.
            var named = number % 5 == 2 ? $"{scheme}-{caller}-{number - 2}" : id;
            var documents = new DocumentArray(Enumerable.Range(0, 1 + (number / 5 % 5)).Select(part => Document($"{named}.{part}", random)));
            var expected = documents.Select(document => document.Id).ToArray();
            var endpoint = (number % 5) switch { 0 => "/index", 1 => "/search", 2 => "/delete", _ => "/run" };
            ledger.Ask(id);
            try
            {
                Judge(scheme, id, await client.PostAsync(endpoint, documents, cancellationToken: CancellationToken.None), expected);
            }
            catch (FlowKitException exception)
            {
                ledger.Fail(scheme, id, exception.Error.Code, exception.Message);
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    /// <summary>Asks over HTTP and reads the answer over seconds, a little at a time.</summary>
    public async Task ReadSlowlyAsync(int caller, CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var id = $"slow-{caller}-{number}";
            ledger.Ask(id);
            var body = $$"""{"data": [{"id": "{{id}}", "text": "{{new string('x', 400_000)}}"}], "execEndpoint": "/run"}""";
            var (answer, length) = await AskSlowlyAsync(body);
            ledger.Answer("slow", id, length > 400_000 && answer.Contains(id, StringComparison.Ordinal) ? null : $"{length} bytes: {answer}");
        }
    }

    private async Task<(string Start, int Length)> AskSlowlyAsync(string body)
    {
        using var client = new TcpClient { ReceiveBufferSize = 8192 };
        await client.ConnectAsync("127.0.0.1", ports[0]);
        var stream = client.GetStream();
        var head = $"POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body));
        var start = new StringBuilder();
        var (buffer, length) = (new byte[8192], 0);
        while (await stream.ReadAsync(buffer) is > 0 and var got)
        {
            length += got;
            _ = start.Length < 1000 ? start.Append(Encoding.UTF8.GetString(buffer, 0, got)) : start;
            await Task.Delay(40);
        }

        return (start.ToString(), length);
    }

    /// <summary>Its own documents must have come back, each once and from every executor on the road.</summary>
    private void Judge(string scheme, string id, DataRequest reply, string[] expected)
    {
        if (reply.Status is { Code: not 0 } status)
        {
            ledger.Fail(scheme, id, Enum.TryParse<FlowErrorCode>(status.Exception?.Name, out var code) ? code : FlowErrorCode.Internal, status.Message);
            return;
        }

        var failed = reply.Documents.FirstOrDefault(document => document.Error is { Code: not FlowErrorCode.NotFound });
        var unmarked = reply.Documents.FirstOrDefault(document => document.Tags["mark"]?.GetValue<string>() != document.Id
            || (document.Tags["shard0"] ?? document.Tags["shard1"])?.GetValue<string>() != document.Id
            || document.Tags["work"]?.GetValue<string>().StartsWith($"{document.Id} in ", StringComparison.Ordinal) != true);
        var isOwn = reply.Documents.Select(document => document.Id).SequenceEqual(expected);
        ledger.Answer(scheme, id, (isOwn, failed, unmarked) switch
        {
            (false, _, _) => $"came back as {string.Join(' ', reply.Documents.Select(document => document.Id))}",
            (_, not null, _) => $"{failed.Id}: {failed.Error}",
            (_, _, not null) => $"{unmarked.Id} has {unmarked.Tags.ToJsonString()}",
            _ => null,
        });
    }

    private int PortOf(string scheme) => scheme switch { "http" => ports[0], "grpc" => ports[1], _ => ports[2] };

    private static Document Document(string id, Random random)
    {
        var vector = new float[Dimensions];
        for (var at = 0; at < vector.Length; at++)
        {
            vector[at] = random.NextSingle() - 0.5f;
        }

        return new Document(id) { Text = $"text of {id}", Embedding = NdArray.Wrap(vector, Dimensions) };
    }
}
