namespace FlowKit.Runtime.Properties;

/// <summary>A drawn request.</summary>
internal sealed record RequestPlan
{
    public required IReadOnlyList<DocumentPlan> Documents { get; init; }

    public string Endpoint { get; init; } = "/run";

    public Priority Priority { get; init; } = Priority.Normal;

    /// <summary>A parameter, which parts requests into batches of their own; 0 for none.</summary>
    public int Parameter { get; init; }

    /// <summary>The one executor it is meant for, by number; <see langword="null"/> for all.</summary>
    public int? Target { get; init; }

    /// <summary>Its deadline in milliseconds.</summary>
    public int? Timeout { get; init; }

    /// <summary>After how many milliseconds the caller goes; 0 for one that has gone before.</summary>
    public int? Cancel { get; init; }

    /// <summary>Whether it asks for a stream.</summary>
    public bool Streams { get; init; }

    public bool Targets(int node) => Target is not { } target || target == node;

    public bool Has(int document, string letters) => letters.Contains(Documents[document].Text, StringComparison.Ordinal);
}
