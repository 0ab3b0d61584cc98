namespace FlowKit.Wire;

/// <summary>Jina's DataRequest: the one message that carries a request in and its answer out.</summary>
public sealed class DataRequest
{
    /// <summary>32 hex digits, given by the server; one that a client sends is ignored.</summary>
    public string? RequestId { get; set; }

    /// <summary>The endpoint, such as <c>/search</c>; <c>/</c> when not said.</summary>
    public string ExecEndpoint { get; set; } = "/";

    /// <summary>A regular expression, matched from the start of each executor's name; empty for all.</summary>
    public string TargetExecutor { get; set; } = "";

    /// <summary>How it went; <see langword="null"/> when it went well.</summary>
    public WireStatus? Status { get; set; }

    /// <summary>What is said beside the documents.</summary>
    public Parameters Parameters { get; set; } = new();

    /// <summary>Where the request went, the gateway first.</summary>
    public IReadOnlyList<WireRoute> Routes { get; set; } = [];

    /// <summary>The documents.</summary>
    public DocumentArray Documents { get; set; } = [];
}
