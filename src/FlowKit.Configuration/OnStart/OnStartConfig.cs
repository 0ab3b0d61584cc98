using System.Text.Json.Nodes;
using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.OnStart;

/// <summary>An entry of <c>on_start:</c>: files that are posted before the flow serves.</summary>
public sealed record OnStartConfig
{
    /// <summary>The values of what is not written: the only place where a default stands.</summary>
    internal static readonly OnStartConfig Defaults = new() { Post = "", Inputs = [] };

    /// <summary>The endpoint, for example <c>/index</c>.</summary>
    public required string Post { get; init; }

    /// <summary>Globs of files, relative to the flow's folder; at least one.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The place where each of <see cref="Inputs"/> is written.</summary>
    public IReadOnlyList<SourcePlace> InputPlaces { get; init; } = [];

    /// <summary>Documents in a request. Default 32.</summary>
    public int RequestSize { get; init; } = 32;

    /// <summary>Tells whether the same files are posted only once, over all runs. Default true.</summary>
    public bool OnlyOnce { get; init; } = true;

    /// <summary>The parameters of each request.</summary>
    public JsonObject Parameters { get; init; } = [];
}
