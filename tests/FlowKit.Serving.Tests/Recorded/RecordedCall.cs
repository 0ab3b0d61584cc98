using System.Text.Json.Nodes;
using FlowKit.Serving.Grpc;
using FlowKit.Tests;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace FlowKit.Serving.Gateway;

/// <summary>One gRPC call recorded between two parts of Jina.</summary>
internal sealed record RecordedCall(string Name, string Method, IReadOnlyList<byte[]> Requests, IReadOnlyList<byte[]> Replies, string Status, Metadata Metadata)
{
    /// <param name="direction">Between whom.</param>
    public static IReadOnlyList<RecordedCall> All(string direction = "client-to-gateway") =>
        [.. Directory.EnumerateFiles(SharedData.At("data", "jina-wire"), $"*.{direction}.*.meta.json").Order(StringComparer.Ordinal).Select(path => Read(path, direction))];

    /// <summary>Names executors that were recorded without a flow as the pods of a flow are named, under which they report results.</summary>
    public static void NamePods(Struct? parameters)
    {
        if (parameters?.Fields.GetValueOrDefault(Parameters.ResultsKey)?.StructValue is { } results)
        {
            foreach (var (name, value) in results.Fields.Where(pair => !pair.Key.Contains('/', StringComparison.Ordinal)).ToList())
            {
                results.Fields.Remove(name);
                results.Fields[$"{name}/rep-0"] = value;
            }
        }
    }

    /// <summary>Makes the same call at our gateway.</summary>
    public async Task<(IReadOnlyList<byte[]> Replies, Status Status, Metadata Trailers)> RepeatAsync(GrpcConnection channel)
    {
        var path = Method.Split('/');
        using var call = channel.Calls.AsyncDuplexStreamingCall(BytesMethod.Of(MethodType.DuplexStreaming, path[1], path[2]), null, CallSettings.Of(Metadata));
        var replies = new List<byte[]>();
        try
        {
            await WriteAsync(call.RequestStream);
            while (await call.ResponseStream.MoveNext())
            {
                replies.Add(call.ResponseStream.Current);
            }

            return (replies, call.GetStatus(), call.GetTrailers());
        }
        catch (RpcException exception)
        {
            return (replies, exception.Status, exception.Trailers);
        }
    }

    /// <summary>A server may end a call before it has heard all; how it ended is told to whoever reads.</summary>
    private async Task WriteAsync(IClientStreamWriter<byte[]> writer)
    {
        try
        {
            foreach (var request in Requests)
            {
                await writer.WriteAsync(request);
            }

            await writer.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
        }
    }

    private static RecordedCall Read(string path, string direction)
    {
        var name = Path.GetFileName(path)[..^".meta.json".Length];
        var meta = JsonNode.Parse(File.ReadAllText(path))!;
        var said = meta["request_metadata"]!.AsArray().Where(pair => (string)pair![0]! != "user-agent");
        var metadata = CallMetadata.Of(said.Select(pair => new KeyValuePair<string, string>((string)pair![0]!, (string)pair[1]!)));
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
