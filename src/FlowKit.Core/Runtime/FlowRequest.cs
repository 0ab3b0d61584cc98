using FlowKit.Components;
using FlowKit.Runtime.Executors.Calls;

namespace FlowKit.Runtime;

/// <summary>A request of a caller to a flow.</summary>
/// <param name="Endpoint">For example <c>/search</c>.</param>
/// <param name="Documents">The documents; the flow owns them until it has answered.</param>
public sealed record FlowRequest(string Endpoint, DocumentArray Documents)
{
    /// <summary>
    /// The items that the documents were put together from elsewhere, for a first executor that takes them apart; <see langword="null"/>
    /// when there was one.
    /// </summary>
    public PartMatrix? Parts { get; init; }

    /// <summary>The parameters beside the documents.</summary>
    public Parameters Parameters { get; init; } = new();

    /// <summary>A regular expression matched from the start of executor names; others are passed by. Empty for all.</summary>
    public string TargetExecutor { get; init; } = "";

    /// <summary>The place of the request in line before executors. Default <see cref="Priority.Normal"/>.</summary>
    public Priority Priority { get; init; } = Priority.Normal;

    /// <summary>The mark of the executor in whose call it was made; <see langword="null"/> outside calls.</summary>
    internal string? SentBy { get; init; } = CallingExecutor.Mark;

    /// <summary>
    /// The format in which documents may be answered as they came from elsewhere; <see langword="null"/> when they are to be decoded.
    /// </summary>
    internal string? AcceptsFormat { get; init; }

    /// <summary>
    /// Tells whether it is a part of another flow's request: its parameters are for all executors of that one, which are not known here.
    /// </summary>
    internal bool IsPartOfOther { get; init; }

    /// <summary>The time that the caller waits; <see langword="null"/> for the gateway's own <c>timeout_send</c>.</summary>
    public TimeSpan? Timeout { get; init; }
}
