using System.Text.Json.Nodes;

namespace FlowKit.Serving.Gateway;

/// <summary>Behaves like the executor behind the recordings.</summary>
[Executor("Cap")]
public sealed class RecordedExecutor : Executor
{
    [Requests("/echo")]
    public void Echo(DocumentArray documents)
    {
        foreach (var document in documents)
        {
            document.Tags["seen_by"] = Context.Name;
        }
    }

    [Requests("/params")]
    public void KeepParameters(DocumentArray documents, Parameters parameters)
    {
        foreach (var document in documents)
        {
            document.Tags["params"] = parameters.Values.DeepClone();
        }
    }

    [Requests("/index", "/search")]
    public void Search(DocumentArray documents, Parameters parameters)
    {
        foreach (var document in documents)
        {
            var match = new Document("m-0") { Text = "match", Adjacency = 1 };
            match.Scores["cos"] = new NamedScore(0.5f);
            document.Matches = [match];
        }
    }

    [Requests("/update", "/delete")]
    public void Nothing()
    {
    }

    [Requests("/dict")]
    public JsonObject Report() => new() { ["name"] = Context.Name, ["n"] = 1.0 };

    [Requests("/stream")]
    public async IAsyncEnumerable<Document> StreamAsync(DocumentArray documents)
    {
        for (var index = 0; index < 3; index++)
        {
            await Task.Yield();
            yield return new Document($"s{index}") { Text = $"{documents[0].Text} {index}" };
        }
    }

    [Requests("/fail")]
    public void Fail() => throw new ValueErrorException("deliberate failure: 42");

    public sealed class ValueErrorException(string message) : Exception(message);
}
