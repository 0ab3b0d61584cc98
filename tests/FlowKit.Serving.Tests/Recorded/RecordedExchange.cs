using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Tests;

namespace FlowKit.Serving.Gateway;

/// <summary>One request recorded before a real Jina gateway, with its answer.</summary>
internal sealed record RecordedExchange(string Name, byte[] Request, int Status, IReadOnlyList<string> Headers, string Body)
{
    public JsonNode? Json => Body.StartsWith('{') ? JsonNode.Parse(Body) : null;

    public static IReadOnlyList<RecordedExchange> All() =>
        [.. Directory.EnumerateFiles(SharedData.At("data", "jina-wire"), "http.*.request.http").Order(StringComparer.Ordinal).Select(Read)];

    public static RecordedExchange Parse(string name, byte[] request, string response)
    {
        var end = response.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = response[..end].Split("\r\n");
        return new RecordedExchange(name, request, int.Parse(head[0].Split(' ')[1]), [.. head.Skip(1)], Unchunk(head, response[(end + 4)..]));
    }

    private static RecordedExchange Read(string path)
    {
        var name = Path.GetFileName(path)["http.".Length..^".request.http".Length];
        var response = path.Replace(".request.", ".response.", StringComparison.Ordinal);
        return NamePods(Parse(name, File.ReadAllBytes(path), File.Exists(response) ? File.ReadAllText(response) : ReadDecoded(name)));
    }

    /// <summary>Executors were recorded without a flow; those of a flow report under the names of their pods.</summary>
    private static RecordedExchange NamePods(RecordedExchange exchange) => exchange with
    {
        Body = Regex.Replace(exchange.Body, "(?<=\"__results__\":.*)\"(exec[0-9])\":(?=\\{)", "\"$1/rep-0\":"),
    };

    /// <summary>Answers with stack traces are kept beside, under a line that says so.</summary>
    private static string ReadDecoded(string name)
    {
        var text = File.ReadAllText(SharedData.At("data", "jina-wire", "decoded", $"http.{name}.response.http.txt"));
        return text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..].ReplaceLineEndings("\r\n");
    }

    private static string Unchunk(string[] head, string body)
    {
        if (!head.Any(line => line.Equals("transfer-encoding: chunked", StringComparison.OrdinalIgnoreCase)))
        {
            return body;
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        var text = new MemoryStream();
        for (var at = 0; ;)
        {
            var line = Array.IndexOf(bytes, (byte)'\r', at);
            var size = Convert.ToInt32(Encoding.ASCII.GetString(bytes, at, line - at), 16);
            if (size == 0)
            {
                return Encoding.UTF8.GetString(text.ToArray());
            }

            text.Write(bytes, line + 2, size);
            at = line + 2 + size + 2;
        }
    }
}
