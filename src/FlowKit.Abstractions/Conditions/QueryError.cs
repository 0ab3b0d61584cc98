namespace FlowKit;

/// <summary>Describes what is wrong with a query, at its place in it.</summary>
internal static class QueryError
{
    /// <summary>An error that starts with the place; an empty place is the query itself.</summary>
    public static FlowKitException At(string place, string message) =>
        new(FlowErrorCode.InvalidArgument, place.Length == 0 ? $"The query: {message}" : $"{place}: {message}");
}
