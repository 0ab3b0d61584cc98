using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Tests;
using FlowKit.Wire.Json;

namespace FlowKit.Wire.Tests.Json;

/// <summary>What a real Jina 3.23 answered over HTTP, read and written again.</summary>
public sealed class RecordedHttpTests
{
    [SharedDataFact]
    public void Every_recorded_reply_is_written_again_to_equal_JSON()
    {
        var checkedReplies = 0;
        foreach (var path in Directory.EnumerateFiles(SharedData.At("data", "jina-wire"), "http.*.response.http"))
        {
            var body = BodyOf(path);
            if (body is not JsonObject { Count: 4 } recorded || recorded["header"] is null)
            {
                continue;
            }

            var written = Write(DataRequestJsonReader.Read(Encoding.UTF8.GetBytes(recorded.ToJsonString())));

            Assert.True(JsonNode.DeepEquals(recorded, written), $"{Path.GetFileName(path)}:\n{recorded.ToJsonString()}\n{written.ToJsonString()}");
            checkedReplies++;
        }

        Assert.InRange(checkedReplies, 15, 100);
    }

    [SharedDataFact]
    public void Every_recorded_request_that_Jina_took_is_read()
    {
        var read = 0;
        foreach (var path in Directory.EnumerateFiles(SharedData.At("data", "jina-wire"), "http.*.request.http"))
        {
            var response = path.Replace(".request.", ".response.", StringComparison.Ordinal);
            if (!File.Exists(response) || !File.ReadAllText(response).StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || BodyOf(path) is not { } body)
            {
                continue;
            }

            var request = DataRequestJsonReader.Read(Encoding.UTF8.GetBytes(body.ToJsonString()));

            Assert.Equal(BodyOf(response)!["data"]!.AsArray().Count, request.Documents.Count);
            read++;
        }

        Assert.InRange(read, 15, 100);
    }

    private static JsonNode? BodyOf(string path)
    {
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        var start = text.IndexOf("\n\n", StringComparison.Ordinal);
        return start < 0 || !text[(start + 2)..].StartsWith('{') ? null : JsonNode.Parse(text[(start + 2)..]);
    }

    private static JsonNode Write(DataRequest reply)
    {
        var buffer = new ArrayBufferWriter<byte>();
        DataRequestJsonWriter.WriteReply(buffer, reply, JsonWireOptions.Jina);
        return JsonNode.Parse(buffer.WrittenSpan)!;
    }
}
