using System.Diagnostics;

namespace FlowKit.Telemetry.Jina;

/// <summary>The labels of a call of an executor.</summary>
/// <param name="RuntimeName">The pod, such as <c>encoder/rep-0</c> or <c>index/shard-1/rep-0</c>.</param>
/// <param name="Executor">The executor's class.</param>
/// <param name="Endpoint">The endpoint that was asked.</param>
internal readonly record struct JinaCall(string RuntimeName, string Executor, string Endpoint)
{
    /// <summary>The label of the pod alone.</summary>
    public KeyValuePair<string, object?> Runtime => new("runtime_name", RuntimeName);

    /// <summary>All labels.</summary>
    public TagList Tags => new() { { "executor", Executor }, { "executor_endpoint", Endpoint }, Runtime };
}
