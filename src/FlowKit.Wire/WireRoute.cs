namespace FlowKit.Wire;

/// <summary>A hop of a request.</summary>
/// <param name="Executor">The executor's name, or <c>gateway</c>.</param>
/// <param name="StartTime">When it began.</param>
/// <param name="EndTime">When it ended; <see langword="null"/> when the caller meant others.</param>
/// <param name="Status">The status; <see langword="null"/> for success.</param>
public sealed record WireRoute(string Executor, DateTimeOffset? StartTime, DateTimeOffset? EndTime, WireStatus? Status = null);
