using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>An executor as read, with the places that only the validators want.</summary>
/// <param name="Config">The executor.</param>
/// <param name="Path">Its path, for messages: <c>executors.encoder</c>.</param>
/// <param name="NamePlace">Where its name is written, or else where the entry starts.</param>
/// <param name="Needs">The names under <c>needs:</c>; empty when the default holds.</param>
/// <param name="Nested">The flow that stands in its place; <see langword="null"/> when it is an executor.</param>
internal sealed record ExecutorDraft(
    ExecutorConfig Config, string Path, SourcePlace NamePlace, IReadOnlyList<YamlScalar> Needs, FlowConfig? Nested = null)
{
    public string Name => Config.Name;

    /// <summary>Its name in messages. One made of a variable is not told: its path has its position instead.</summary>
    public string Shown => Path[(Path.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
