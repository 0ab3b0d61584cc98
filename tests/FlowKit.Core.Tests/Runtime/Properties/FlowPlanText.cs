using System.Text;
using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Executors;

namespace FlowKit.Runtime.Properties;

/// <summary>Writes a plan down: the flow as its YAML would be, with what the executors do as comments, then the requests.</summary>
internal static class FlowPlanText
{
    public static string Write(FlowPlan plan)
    {
        var text = new StringBuilder($"\njtype: Flow\ngateway: {{capacity: {plan.Capacity}}}\nexecutors:\n");
        for (var node = 0; node < plan.Nodes.Count; node++)
        {
            text.Append($"  - {{name: {FlowPlan.NameOf(node)}, {string.Join(", ", Keys(plan.Nodes[node]))}}}{Comment(plan.Nodes[node])}\n");
        }

        text.Append($"# stopped when {plan.Stop}; requests, the documents as letter!executor that cannot take it:\n");
        for (var request = 0; request < plan.Requests.Count; request++)
        {
            text.Append($"#  {request}: {Write(plan.Requests[request])}\n");
        }

        return text.ToString();
    }

    private static IEnumerable<string> Keys(NodePlan node)
    {
        var plain = new NodePlan();
        yield return $"uses: {(node.OnlyRuns ? "MarksOnRun" : "Marks")}";
        yield return $"needs: [{string.Join(", ", node.Needs.Select(need => need == NodePlan.Gateway ? "gateway" : FlowPlan.NameOf(need)))}]";
        foreach (var (key, value, usual) in new (string, object?, object?)[]
        {
            ("floating", node.Floats, plain.Floats),
            ("replicas", node.Replicas, plain.Replicas),
            ("shards", node.Shards, plain.Shards),
            ("polling", node.Shards > 1 ? node.Polling : null, null),
            ("fail_on_shard_error", node.Shards > 1 && node.FailsOnShardError, false),
            ("uses_dynamic_batching", Write(node.Batching), null),
            ("when", node.When is { } letters ? $"{{text: {{$in: [{string.Join(", ", letters.ToCharArray())}]}}}}" : null, null),
            ("capacity", node.Capacity, plain.Capacity),
            ("failure_threshold", node.FailureThreshold, plain.FailureThreshold),
            ("timeout_executor", node.Timeout, null),
        })
        {
            if (!Equals(value, usual))
            {
                yield return $"{key}: {(value is bool or PollingMode ? $"{value}".ToLowerInvariant() : value)}";
            }
        }
    }

    private static string? Write(BatchingConfig? batching) => batching is null
        ? null
        : $"{{run: {{preferred_batch_size: {batching.PreferredBatchSize}, timeout: {batching.Timeout.TotalMilliseconds}, max_batch_size: {batching.MaxBatchSize ?? batching.PreferredBatchSize}}}}}";

    private static string Comment(NodePlan node)
    {
        var said = new List<string>();
        said.AddRange(node.Trouble == Trouble.None ? [] : [$"{node.Trouble}"]);
        said.AddRange(node.Slow == 0 ? [] : [$"takes {node.Slow} ms{(node.IsStubborn ? " whatever happens" : "")}"]);
        said.AddRange(node.Returns ? ["returns a list"] : []);
        return said.Count == 0 ? "" : $"  # {string.Join(", ", said)}";
    }

    private static string Write(RequestPlan request)
    {
        var documents = request.Documents.Select(document => document.Poison < 0 ? $"{document.Text}" : $"{document.Text}!{FlowPlan.NameOf(document.Poison)}");
        return $"{request.Endpoint} [{string.Join(' ', documents)}]"
            + (request.Priority == Priority.Normal ? "" : $", {request.Priority}")
            + (request.Parameter == 0 ? "" : $", parameter {request.Parameter}")
            + (request.Target is { } target ? $", only {FlowPlan.NameOf(target)}" : "")
            + (request.Timeout is { } timeout ? $", deadline {timeout} ms" : "")
            + (request.Cancel is { } cancel ? $", caller gone after {cancel} ms" : "")
            + (request.Streams ? ", streamed" : "");
    }
}
