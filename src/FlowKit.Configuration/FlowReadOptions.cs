namespace FlowKit.Configuration;

/// <summary>Describes what a flow file may refer to, and what overrides it.</summary>
public sealed record FlowReadOptions
{
    /// <summary>Values of <c>${{ CONTEXT.x }}</c> and <c>${{ x }}</c>.</summary>
    public IReadOnlyDictionary<string, string> Context { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Values set over the file's, by path: <c>executors.encoder.replicas</c> → <c>2</c>, <c>gateway.port</c> → <c>0</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Overrides { get; init; } = new Dictionary<string, string>();

    /// <summary>The name that messages give to <see cref="Overrides"/>, the option that set them. Default <c>--set</c>.</summary>
    public string OverridesOrigin { get; init; } = "--set";

    /// <summary>Looks up <c>${{ ENV.X }}</c>; <see langword="null"/> means undefined. By default the process's environment.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The folder relative paths start from; by default the folder of the file.</summary>
    public string? BaseDirectory { get; init; }
}
