namespace FlowKit.Serving.Remote;

/// <summary>The needs of a call on its way to a replica.</summary>
/// <param name="Timeout">The time that the caller gives it; <see langword="null"/> for no limit.</param>
/// <param name="ToWriter">Tells whether only the writer may have it.</param>
internal readonly record struct RouteNeed(TimeSpan? Timeout, bool ToWriter);
