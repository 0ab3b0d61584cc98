using System.Text.Json.Nodes;
using FlowKit.Tests;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;

namespace FlowKit.Serving.Gateway;

/// <summary>One gRPC call recorded between two parts of Jina.</summary>
internal sealed record RecordedCall(string Name, string Method, IReadOnlyList<byte[]> Requests, IReadOnlyList<byte[]> Replies, string Status, GrpcMetadata Metadata)
{
    /// <param name="direction">Between whom.</param>
    public static IReadOnlyList<RecordedCall> All(string direction = "client-to-gateway") =>
        [.. Directory.EnumerateFiles(SharedData.At("data", "jina-wire"), $"*.{direction}.*.meta.json").Order(StringComparer.Ordinal).Select(path => Read(path, direction))];

    /// <summary>Makes the same call at our gateway.</summary>
    public async Task<(IReadOnlyList<byte[]> Replies, GrpcStatus Status, GrpcMetadata Trailers)> RepeatAsync(GrpcChannel channel)
    {
        var path = Method.Split('/');
        using var call = channel.Open(new GrpcMethod<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(path[1], path[2], BytesMarshaller.Instance, BytesMarshaller.Instance), new GrpcCallOptions { Metadata = Metadata });
        var replies = new List<byte[]>();
        try
        {
            await WriteAsync(call);
            while (await call.MoveNextAsync())
            {
                replies.Add(call.Current.ToArray());
            }

            return (replies, GrpcStatus.Ok, call.Trailers);
        }
        catch (GrpcException exception)
        {
            return (replies, exception.Status, exception.Trailers);
        }
    }

    /// <summary>A server may end a call before it has heard all; how it ended is told to whoever reads.</summary>
    private async Task WriteAsync(GrpcCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call)
    {
        try
        {
            foreach (var request in Requests)
            {
                await call.WriteAsync(request);
            }

            call.Complete();
        }
        catch (GrpcException)
        {
        }
    }

    private static RecordedCall Read(string path, string direction)
    {
        var name = Path.GetFileName(path)[..^".meta.json".Length];
        var meta = JsonNode.Parse(File.ReadAllText(path))!;
        var metadata = new GrpcMetadata();
        foreach (var pair in meta["request_metadata"]!.AsArray().Where(pair => (string)pair![0]! != "user-agent"))
        {
            metadata.Add((string)pair![0]!, (string)pair[1]!);
        }

        var stem = path[..^".meta.json".Length];
        return new RecordedCall(name[..name.IndexOf($".{direction}.", StringComparison.Ordinal)], (string)meta["method"]!, Messages(stem, "req"), Messages(stem, "resp"), (string)meta["grpc_status"]!, metadata);
    }

    /// <summary>The first has no number.</summary>
    private static List<byte[]> Messages(string stem, string kind)
    {
        var messages = new List<byte[]>();
        for (var index = 1; File.Exists($"{stem}.{kind}{(index == 1 ? "" : index)}.bin"); index++)
        {
            messages.Add(File.ReadAllBytes($"{stem}.{kind}{(index == 1 ? "" : index)}.bin"));
        }

        return messages;
    }
}
